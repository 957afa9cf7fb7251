/** Full text in packed logs against a `grep` over what they hold unpacked. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';
import { zstdFrame } from '../../../helpers/zstdFrame.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Half of the sample, whose records hold their texts as they are. */
const LINES = readFileSync('public/samples/orchard-chat.jsonl', 'utf8').trimEnd().split('\n').slice(0, 64);
/** Frequent, rare, in names of tools and arguments, and not there at all. */
const WORDS = ['pears', 'bushels', 'calculate', 'ledger', 'cider', '38 gallons', 'Quebec'];

/** Lines of a file that hold a word in any case, counted from 0. */
function grepped(file: string, word: string): number[] {
  const { stdout } = spawnSync('grep', ['-n', '-i', '-F', '-e', word, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.split(':', 1)[0]) - 1]));
}

it.each([
  ['gz', (bytes: Uint8Array): Uint8Array => gzipSync(bytes)],
  [
    'gz of two members',
    (bytes: Uint8Array): Uint8Array => Buffer.concat([gzipSync(bytes.subarray(0, 5000)), gzipSync(bytes.subarray(5000))]),
  ],
  ['zst', zstdFrame],
] as const)('finds in a %s what grep finds in the text', async (kind, pack) => {
  // Without what a chat message does not say: definitions of tools, ids, names of tasks.
  const records = LINES.map((line, i) => {
    const { messages } = JSON.parse(line) as { readonly messages: unknown };
    return JSON.stringify({ id: `r${i}`, task_id: `t${i % 4}`, messages });
  });
  const text = `${records.join('\n')}\n`;
  const plain = join(folder, 'plain.jsonl');
  writeFileSync(plain, text);
  const name = `log.jsonl.${kind.slice(0, 3).trim()}`;
  const { session, facts } = await openSession([inputFile(name, pack(new TextEncoder().encode(text)))]);
  expect(facts.rollouts).toBe(LINES.length);
  let found = 0;
  for (const word of WORDS) {
    const answer = await session.where(`"${word.toLowerCase()}"`, null, () => undefined);
    if (!answer.ok) throw new Error(answer.fault);
    expect(answer.unsearched).toBeNull();
    const { line } = session.rollouts();
    const lines = Array.from(answer.taken, (is, r) => (is === 1 ? (line[r] ?? 0) - 1 : -1)).filter((at) => at >= 0);
    expect([word, lines]).toEqual([word, grepped(plain, word)]);
    found += lines.length;
  }
  expect(found).toBeGreaterThan(20);
});
