/** What is told of files before any of them is opened. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { firstLook } from '../../../src/engine/first-look.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { zipFile } from '../../helpers/zipFile.ts';

const bytes = (...parts: (string | number)[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : String.fromCharCode(part))).join('');
const chat = `${JSON.stringify({
  messages: [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ],
})}\n`;

async function whyOf(content: string, mapping?: unknown): Promise<string | null> {
  const raw = Uint8Array.from(content, (letter) => letter.charCodeAt(0));
  const look = await firstLook(
    [{ ...inputFile('a', ''), source: { name: 'a', byteLength: raw.length, read: async (from, to) => raw.slice(from, to) } }],
    { mapping },
  );
  expect(look.mayHoldRollouts).toBe(look.strange.length === 0);
  return look.strange[0]?.why ?? null;
}

it.each([
  [bytes(0x89, 'PNG\r\n', 0x1a, '\n', 0, 0), 'is a PNG image'],
  [bytes(0xff, 0xd8, 0xff, 0xe0), 'is a JPEG image'],
  ['%PDF-1.7\n', 'is a PDF document'],
  [
    zipFile([{ name: 'a/data.pkl', content: '' }]).reduce((text, byte) => text + String.fromCharCode(byte), ''),
    'cannot be read: expected a pickle of data, of at most 500,000,000 bytes, found the pickle ends inside a value at byte 0',
  ],
  [bytes('7z', 0xbc, 0xaf, 0x27, 0x1c), 'is a 7z archive: unpack it, and drop what is inside'],
  ['PAR1', 'cannot be read: expected a whole Parquet file, found no footer at its end'],
  [bytes(0xff, 0xfe, '{', 0), 'is UTF-16 text: save it as UTF-8'],
  [bytes(0xff, 0xfe, 0, 0, '{', 0, 0, 0), 'is UTF-32 text: save it as UTF-8'],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'is a Git LFS pointer: run `git lfs pull` where it came from'],
  ['id,reward\na,1\nb,0\n', 'is CSV: convert it to JSONL'],
  ['id;reward\r\na;1\r\n', 'is CSV: convert it to JSONL'],
  ['id\treward\na\t1\n', 'is a table with tabs: convert it to JSONL'],
  ['<!doctype html>\n<p>', 'is an HTML page'],
  ['<?xml version="1.0"?>\n<svg viewBox="0 0 1 1">', 'is an SVG image'],
  ['Dear all, please find the log attached.', 'is text that is not JSON: a log is JSON lines or a JSON document'],
  ['', 'is empty'],
  [' \n\n', 'is empty'],
  [bytes('{"a"', 0, 1), 'is binary data, not text'],
  [
    '{"model": "m", "num_examples": 3, "rollouts_per_example": 2}',
    'holds no rollouts: settings and averages of a verifiers evaluation; its rollouts are in results.jsonl',
  ],
  ['{"colour": "green", "leaves": 3}\n{"colour": "red", "leaves": 4}\n', 'holds records of no known format'],
  [chat, null],
  [`garbage\n${chat}${chat}`, null],
])('%j: %j', async (content, why) => {
  expect(await whyOf(content)).toBe(why);
});

it('looks no further than the first file that may hold rollouts', async () => {
  const unread = { ...inputFile('c', chat), source: { name: 'c', byteLength: 9, read: () => Promise.reject(new Error('read')) } };
  const look = await firstLook([inputFile('a.csv', 'a,b\n1,2\n'), inputFile('b.jsonl', chat), unread], {});
  expect(look).toEqual({ mayHoldRollouts: true, strange: [{ path: 'a.csv', why: 'is CSV: convert it to JSONL', canBeMapped: false }] });
});

it('takes a container for what may hold rollouts', async () => {
  expect(await whyOf(bytes(0x1f, 0x8b, 8, 0))).toBeNull();
});

it('knows a real picture', async () => {
  expect(await whyOf(readFileSync('docs/screenshot-light.png', 'latin1'))).toBe('is a PNG image');
});

it('counts what lies beside logs with the records, and apart from what could not be used', async () => {
  const averages = '{"model": "m", "num_examples": 3, "rollouts_per_example": 2}';
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
  const files = [inputFile('a.jsonl', `${chat}{"torn`), inputFile('metadata.json', averages), inputFile('p.png', png)];
  const { facts } = await openSession(files);
  expect(facts).toMatchObject({ rollouts: 1, issues: 3, aside: 2 });
  expect(facts.inputs).toMatchObject([
    { name: 'a.jsonl', records: 2, rollouts: 1, issueCount: 1, asideCount: 0 },
    { name: 'metadata.json', records: 1, rollouts: 0, issueCount: 1, asideCount: 1 },
    { name: 'p.png', records: 1, rollouts: 0, issueCount: 1, asideCount: 1 },
  ]);
});
