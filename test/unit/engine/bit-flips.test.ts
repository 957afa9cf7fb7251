/** Packed logs of which one bit is another: what comes of them is told, or it is what it was. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackedStream } from '../../../src/engine/containers/container.ts';
import { gzip } from '../../../src/engine/containers/gzip.ts';
import { zstd } from '../../../src/engine/containers/zstd.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';
import { unpacked } from '../../helpers/unpacked.ts';
import { checkedZstdFrame, zstdFrame } from '../../helpers/zstdFrame.ts';

const text = (lines: string): Buffer => Buffer.from(lines);
/** As `zstd` 1.5 packs these lines: with its size, and from a pipe with a window. */
const LINES = text('{"a":1,"b":"hello hello hello hello hello"}\n'.repeat(2) + '{"a":2,"b":"hello hello"}\n');
const BLOCKS = '250100c87b2261223a312c2262223a2268656c6c6f20227d0a32227d0a030060163e150da94b18';
const SIZED = Buffer.from(`28b52ffd2472${BLOCKS}ed715c4f`, 'hex');
const PIPED = Buffer.from(`28b52ffd0458${BLOCKS}ed715c4f`, 'hex');

interface Flips {
  readonly flips: number;
  /** Of them with other content. */
  readonly changed: number;
  /** Without a fault though the content is another. */
  readonly silent: readonly number[];
}

async function flipAll(file: Uint8Array, container: PackedStream): Promise<Flips> {
  const { content, faults } = await unpacked(file, container);
  expect(faults).toEqual([]);
  const silent: number[] = [];
  let changed = 0;
  for (let bit = 0; bit < 8 * file.length; bit++) {
    const found = await unpacked(flipped(file, bit), container);
    if (found.content.equals(content)) continue;
    changed++;
    if (found.faults.length === 0) silent.push(bit);
  }
  return { flips: 8 * file.length, changed, silent };
}

function flipped(file: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(file);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('one bit', () => {
  it('of gzip members gives the same content or a fault', async ({ task }) => {
    const members = ['one line\n'.repeat(50), '{"a":1}\n'.repeat(30)].map((lines) => gzipSync(text(lines)));
    const stored = gzipSync(LINES, { level: 0 });
    const { flips, changed, silent } = await flipAll(Buffer.concat([...members, stored]), gzip);
    expect(silent).toEqual([]);
    expect(changed).toBeGreaterThan(200);
    const happened = `${changed} changed the content, all with an issue at the member; the others changed nothing`;
    proven(task, { part: 'Input', fault: `Each of ${flips} bits of a gzip log is flipped`, happened });
  });
  it('of zstd frames that carry a checksum gives the same content or a fault', async ({ task }) => {
    const file = Buffer.concat([SIZED, await checkedZstdFrame(LINES), PIPED]);
    const { flips, changed, silent } = await flipAll(file, zstd);
    expect(silent).toEqual([]);
    expect(changed).toBeGreaterThan(200);
    const happened = `${changed} changed the content, all with an issue at the member; the others changed nothing`;
    proven(task, { part: 'Input', fault: `Each of ${flips} bits of a zstd log with checksums is flipped`, happened });
  });
  it('of any member is told', async () => {
    const packs: [PackedStream, (content: Uint8Array) => Promise<Uint8Array>][] = [
      [gzip, async (content) => gzipSync(content)],
      [zstd, checkedZstdFrame],
    ];
    const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...packs), contents, fc.nat(), async ([container, pack], some, seed) => {
        const packed = Buffer.concat(await Promise.all(some.map(pack)));
        const found = await unpacked(flipped(packed, seed % (8 * packed.length)), container);
        const isSame = found.content.equals(Buffer.concat(some));
        expect(isSame || found.faults.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('says which bytes of the file hold what has changed, and reads on', async () => {
  const stored = gzipSync(LINES, { level: 0 });
  const frame = Buffer.from(await checkedZstdFrame(LINES));
  for (const [container, packed] of [[gzip, stored] as const, [zstd, frame] as const]) {
    const file = Buffer.concat([packed, packed, packed]);
    const inSecond = packed.length + packed.indexOf('hello') + 2;
    const found = await unpacked(flipped(file, 8 * inSecond), container);
    expect(found.faults).toEqual([
      `bytes ${packed.length} to ${2 * packed.length} have another checksum or length than they name: what they hold has changed`,
    ]);
    expect(found.content.length).toBe(3 * LINES.length);
  }
});

it('checks long zstd frames, streamed, and empty ones', async () => {
  const long = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7) & 255);
  const [frame, empty] = [await checkedZstdFrame(long), await checkedZstdFrame(new Uint8Array(0))];
  const { content, faults } = await unpacked(Buffer.concat([empty, frame, empty]), zstd);
  expect(content.equals(long)).toBe(true);
  expect(faults).toEqual([]);
  for (const bit of [8 * 650_000, 8 * (frame.length - 1)])
    expect((await unpacked(flipped(frame, bit), zstd)).faults).toEqual([expect.stringContaining('bytes 0 to 700,046 have another')]);
  expect((await unpacked(flipped(empty, 8 * empty.length - 1), zstd)).faults).toHaveLength(1);
});

it('holds a zstd frame to the length that it names, and takes one without a checksum as it is', async () => {
  const frame = zstdFrame(LINES);
  expect((await unpacked(frame, zstd)).faults).toEqual([]);
  frame[5] = (frame[5] ?? 0) + 1;
  expect(await unpacked(frame, zstd)).toEqual({ content: LINES, faults: [expect.stringContaining('another checksum or length')] });
});

it('does not read a zstd frame that needs a dictionary', async () => {
  const file = Buffer.from(`28b52ffd250772${BLOCKS}ed715c4f`, 'hex');
  const { content, faults } = await unpacked(Buffer.concat([SIZED, file]), zstd);
  expect(content.equals(LINES)).toBe(true);
  expect(faults).toEqual([expect.stringContaining('a frame that needs a dictionary between bytes')]);
});

describe('a log of which content has changed', () => {
  const line = (id: string): string =>
    `${JSON.stringify({
      id,
      messages: [
        { role: 'user', content: 'Plums?' },
        { role: 'assistant', content: 'Ripe.' },
      ],
    })}\n`;
  const log = text(line('a') + line('b'));
  it.each([
    ['gz', async () => gzipSync(log, { level: 0 })],
    ['zst', () => checkedZstdFrame(log)],
  ] as const)('is named where it is a .%s, and read as far as it can be', async (ending, pack) => {
    const packed = Buffer.from(await pack());
    const { facts, session } = await openSession([inputFile(`log.jsonl.${ending}`, flipped(packed, 8 * packed.indexOf('Ripe')))]);
    expect(facts.inputs).toMatchObject([{ records: 3, rollouts: 2, issueCount: 1 }]);
    expect(session.issues(0, 5).issues).toMatchObject([
      { code: 'damaged-archive', found: expect.stringContaining('what they hold has changed') as string },
    ]);
  });
});
