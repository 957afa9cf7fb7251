import { expect, it } from 'vitest';
import type { ByteSource } from '../../../src/core/source/byte-source.ts';
import { kindOf } from '../../helpers/kindOf.ts';

function source(content: string | number[]): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content);
  return { name: 'content', byteLength: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

it.each([
  ['', 'empty'],
  [' \n\n', 'empty'],
  ['{"a": 1}\n{"a": 2}\n', 'lines'],
  ['\ufeff{"a": "}"}\r\n{"a": 2}', 'lines'],
  ['[1]\n[2]\n', 'lines'],
  ['{"a": 1}\n', 'document'],
  ['{\n  "a": 1\n}\n', 'document'],
  ['[\n{"a": 1}\n]', 'document'],
  ['[{"a": 1}, {"a": 2}]', 'document'],
  ['{"a": [\n{"b": 1}\n]}', 'document'],
  ['{"a": [1, 2], "b": [true]}\n{"a": [1]}\n', 'lines'],
  ['{"a": [1, 2], "b": [true]}\n', 'document'],
  ['{"a": [1,\n2], "b": [\ntrue]}\n', 'document'],
  ['{"a": [[1], [2,\n3]]}\n', 'document'],
  ['{"a": [1, 2]\n{"a": [1, 2]}\n', 'lines'],
  // The first line of a log that was cut at its start or torn in the middle.
  ['{"a": "to\n{"a": 2}\n', 'lines'],
  ['{"a": 1\n{"a": 2}\n', 'lines'],
  ['rn": 3}\n{"a": 2}\n', 'lines'],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'lfs-pointer'],
] as const)('%j is %s', async (text, container) => {
  expect(await kindOf(source(text))).toBe(container);
});

it('knows containers by their first bytes', async () => {
  expect(await kindOf(source([0x1f, 0x8b, 8]))).toBe('gzip');
  expect(await kindOf(source([0x28, 0xb5, 0x2f, 0xfd, 1]))).toBe('zstd');
  expect(await kindOf(source([0x50, 0x4b, 3, 4, 20]))).toBe('zip');
  expect(await kindOf(source([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]))).toBe('container');
  expect(await kindOf(source([0xff, 0xfe, 0x7b, 0]))).toBe('encoding');
  expect(await kindOf(source([0x7b, 0, 1, 2]))).toBe('binary');
});

it('reads on where the first line is longer than the head', async () => {
  const long = `{"a": "${'x'.repeat(200_000)}"}`;
  expect(await kindOf(source(`${long}\n${long}\n`))).toBe('lines');
  expect(await kindOf(source(`${long}\n`))).toBe('document');
  const ids = JSON.stringify({ ids: Array.from({ length: 150_000 }, (_, i) => i) });
  expect(await kindOf(source(`${ids}\n${ids}\n`))).toBe('lines');
  expect(await kindOf(source(`${ids}\n`))).toBe('document');
});
