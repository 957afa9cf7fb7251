/** Packed logs in the page: checksums are verified there as on the command line, and bounds hold. */
import { expect, it } from 'vitest';
import { partsOf, type Part } from '../../../src/engine/parts.ts';
import { blobSource } from '../../../src/platform/browser/blob-source.ts';
import { unpack } from '../../../src/platform/browser/unpack.ts';

/** `zstd` 1.5 packs these lines so, with a checksum. */
const LINES = '{"a":1,"b":"hello hello hello hello hello"}\n'.repeat(2) + '{"a":2,"b":"hello hello"}\n';
const PACKED = '28b52ffd2472250100c87b2261223a312c2262223a2268656c6c6f20227d0a32227d0a030060163e150da94b18ed715c4f';

const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.from(PACKED.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function partOf(content: Uint8Array<ArrayBuffer>): Promise<Part | undefined> {
  const blob = new Blob([content]);
  const file = { path: 'log.zst', source: blobSource('log.zst', blob), handle: { blob } };
  const parts: Part[] = [];
  for await (const part of partsOf(file, unpack, () => undefined, new AbortController().signal)) parts.push(part);
  expect(parts).toHaveLength(1);
  return parts[0];
}

const textOf = async (part: Part | undefined): Promise<string> =>
  new TextDecoder().decode(await part?.file.source.read(0, part.file.source.byteLength));

it('gives what a whole frame holds', async () => {
  const part = await partOf(bytes());
  expect(part?.damage).toBeNull();
  expect(await textOf(part)).toBe(LINES);
});

it('tells of each bit that changes the content', async () => {
  let changed = 0;
  for (let bit = 32; bit < 8 * bytes().length; bit++) {
    const flipped = bytes();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const part = await partOf(flipped);
    if (part?.sniffed.kind !== 'unreadable' && (await textOf(part)) === LINES) continue;
    changed++;
    expect({ bit, told: part?.sniffed.kind === 'unreadable' || part?.damage !== null }).toEqual({ bit, told: true });
  }
  expect(changed).toBeGreaterThan(200);
});

it('ends what a few bytes stand for', { timeout: 120_000 }, async () => {
  // Blocks of four bytes, each 128 KiB of blanks, behind a window of 2 MiB.
  const count = 23_000;
  const content = new Uint8Array(6 + 4 * count);
  content.set([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  for (let i = 0; i < count; i++) {
    const head = (0x20000 << 3) | 2 | Number(i === count - 1);
    content.set([head & 255, (head >> 8) & 255, head >> 16, 0x20], 6 + 4 * i);
  }
  const part = await partOf(content);
  expect(part?.damage).toMatchObject({ code: 'too-large' });
  expect(part?.file.source.byteLength).toBeLessThan(1 << 30);
});
