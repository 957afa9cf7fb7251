/** Compressed files that are whole, torn at any byte, or followed by something else. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip } from '../../../src/engine/containers/gzip.ts';
import { zstd } from '../../../src/engine/containers/zstd.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { unpacked } from '../../helpers/unpacked.ts';
import { zstdFrame } from '../../helpers/zstdFrame.ts';

type Compression = 'gzip' | 'zstd';

const pack = (compression: Compression, content: Uint8Array): Uint8Array =>
  compression === 'gzip' ? gzipSync(content) : zstdFrame(content);
const COMPRESSIONS: readonly Compression[] = ['gzip', 'zstd'];

/** Compressed frames with a window and without their size. */
const HELD = [
  '28b52ffd04584d000010616101002bf50eb02fd6d736',
  '28b52ffd04585400001061610100fbff39c002020010610200106103d40061c56034e3',
  '28b52ffd0458f50000b87b2261223a20312c202262223a202268656c6c6f227d0a01006b4acd26600b7963',
] as const;

const CONTAINERS = { gzip, zstd };

describe('inflate', () => {
  const members = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 3 });
  it.each(COMPRESSIONS)('gives what whole %s members hold, and of torn ones the beginning with one fault', async (compression) => {
    await fc.assert(
      fc.asyncProperty(members, fc.double({ min: 0, max: 1, noNaN: true }), async (contents, share) => {
        const packed = contents.map((content) => pack(compression, content));
        const file = Buffer.concat(packed);
        const content = Buffer.concat(contents);
        expect(await unpacked(file, CONTAINERS[compression])).toEqual({ content, faults: [] });
        const cut = Math.floor(share * (file.length - 1)) + 1;
        const ends = packed.map((_, i) => Buffer.concat(packed.slice(0, i + 1)).length);
        const torn = await unpacked(file.subarray(0, cut), CONTAINERS[compression]);
        expect(torn.faults).toHaveLength(ends.includes(cut) ? 0 : 1);
        expect(content.subarray(0, torn.content.length)).toEqual(torn.content);
        const whole = ends.findLastIndex((end) => end <= cut);
        expect(torn.content.length).toBeGreaterThanOrEqual(Buffer.concat(contents.slice(0, whole + 1)).length);
      }),
      { numRuns: 500 },
    );
  });
  it.each(COMPRESSIONS)('gives all of a %s stream that something else follows, and says where', async (compression) => {
    const content = new TextEncoder().encode('one line\n'.repeat(9000));
    for (const length of [1, 3, 4, 30, 40_000]) {
      const file = Buffer.concat([pack(compression, content), Buffer.alloc(length, 'x')]);
      const found = await unpacked(file, CONTAINERS[compression]);
      expect(found.content.equals(content)).toBe(true);
      expect(found.faults).toEqual([expect.stringMatching(/ byte(s [\d,]+ and)? [\d,]+ /)]);
    }
  });
  it.each(COMPRESSIONS)('takes an empty %s member for whole, and no part of one', async (compression) => {
    const empty = pack(compression, new Uint8Array(0));
    const after = pack(compression, Uint8Array.of(1));
    expect(await unpacked(empty, CONTAINERS[compression])).toMatchObject({ faults: [] });
    expect(await unpacked(Buffer.concat([after, empty]), CONTAINERS[compression])).toMatchObject({ faults: [] });
    for (let cut = 1; cut < empty.length; cut++) {
      expect((await unpacked(empty.subarray(0, cut), CONTAINERS[compression])).faults).toHaveLength(1);
      expect((await unpacked(Buffer.concat([after, empty.subarray(0, cut)]), CONTAINERS[compression])).faults).toHaveLength(1);
    }
  });
  it('does not take time for the windows of many small frames, which hold a line each', { timeout: 20_000 }, async () => {
    // As `zstd` writes from a pipe: a window of 2 MiB, one raw block and a checksum.
    const line = Buffer.from('{"a": 1}\n');
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, (line.length << 3) | 1, 0, 0, ...line, 0x33, 0x87, 0xdf, 0xc3]);
    const count = 20_000;
    const found = await unpacked(Buffer.concat(Array.from({ length: count }, () => frame)), zstd);
    expect(found.faults).toEqual([]);
    expect(found.content.length).toBe(count * line.length);
    expect(found.content.equals(Buffer.concat(Array.from({ length: count }, () => line)))).toBe(true);
  });
  it('unpacks short frames that hold much more than they are long, and damaged ones up to the fault', async () => {
    // As `zstd` 1.5 writes them from a pipe: 30,000 and 400,000 times `a`, 9 times a line; then a block of a reserved type.
    const [many, most, lines] = HELD.map((hex) => Buffer.from(hex, 'hex'));
    const text = Buffer.from('{"a": 1, "b": "hello"}\n'.repeat(9));
    const found = await unpacked(Buffer.concat([many!, lines!, most!, lines!]), zstd);
    expect(found.faults).toEqual([]);
    expect(found.content.equals(Buffer.concat([Buffer.alloc(30_000, 'a'), text, Buffer.alloc(400_000, 'a'), text]))).toBe(true);
    const damaged = Buffer.from(lines!);
    damaged[6] = (damaged[6] ?? 0) | 6;
    const torn = await unpacked(Buffer.concat([lines!, damaged]), zstd);
    expect(torn.faults).toHaveLength(1);
    expect(torn.content.equals(text)).toBe(true);
  });
  it('unpacks frames of every kind in one stream', async () => {
    // Skippable, compressed with a window, empty, compressed with its size, long: as `zstd` 1.5 writes them.
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const compressed = ['0458', '24cf'].map((head) =>
      Buffer.from(`28b52ffd${head}f50000b87b2261223a20312c202262223a202268656c6c6f227d0a01006b4acd26600b7963`, 'hex'),
    );
    const text = Buffer.from('{"a": 1, "b": "hello"}\n'.repeat(9));
    const long = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) & 255);
    const parts = [zstdFrame(long), skippable, ...compressed, zstdFrame(new Uint8Array(0)), zstdFrame(long.subarray(0, 70_000)), skippable];
    const found = await unpacked(Buffer.concat(parts), zstd);
    expect(found.faults).toEqual([]);
    expect(found.content.equals(Buffer.concat([long, text, text, long.subarray(0, 70_000)]))).toBe(true);
  });
  it('keeps what comes before a fault in the middle', async () => {
    const content = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255);
    const file = Buffer.concat([zstdFrame(content)]);
    // The head of the fifth block: of a type that there is not.
    file[9 + 4 * ((1 << 16) + 3)] = 6;
    const found = await unpacked(file, zstd);
    expect(found.faults).toHaveLength(1);
    expect(found.content.equals(content.subarray(0, 4 << 16))).toBe(true);
  });
});

describe('a session over compressed files', () => {
  const line = (id: number): string =>
    `${JSON.stringify({
      task_id: 'sum',
      messages: [
        { role: 'user', content: 'one and one' },
        { role: 'assistant', content: `it is ${id} `.repeat(9000) },
      ],
    })}\n`;
  const log = new TextEncoder().encode(Array.from({ length: 20 }, (_, id) => line(id)).join(''));

  it.each(COMPRESSIONS)('reads the complete lines of a torn %s file', async (compression) => {
    const whole = pack(compression, log);
    const { session, facts } = await openSession([inputFile('a.jsonl.x', whole.subarray(0, whole.length * 0.7))]);
    const [input] = facts.inputs;
    expect(input?.rollouts).toBeGreaterThanOrEqual(12);
    expect(input).toMatchObject({ format: 'chat', issueCount: 2, records: (input?.rollouts ?? 0) + 2 });
    const { issues } = session.issues(0, 9);
    expect(issues.map(({ code }) => code)).toEqual(['damaged-archive', 'torn-line']);
    expect(issues[0]).toMatchObject({
      expected: `a complete ${compression} stream`,
      found: expect.stringContaining(`ends at byte ${Math.floor(whole.length * 0.7).toLocaleString('en')}`),
    });
  });
  it.each(COMPRESSIONS)('reads all of a %s stream before garbage, with one issue', async (compression) => {
    const { session, facts } = await openSession([inputFile('a.jsonl.x', Buffer.concat([pack(compression, log), Buffer.alloc(100, 'x')]))]);
    expect(facts.inputs[0]).toMatchObject({ records: 21, rollouts: 20, issueCount: 1 });
    expect(session.issues(0, 9).issues).toMatchObject([{ code: 'damaged-archive', address: { start: log.length } }]);
  });
  it.each(COMPRESSIONS)('makes one issue of a %s file of which nothing can be unpacked', async (compression) => {
    const { facts } = await openSession([inputFile('a.jsonl.x', pack(compression, log).subarray(0, 11))]);
    expect(facts.inputs[0]).toMatchObject({ records: 1, rollouts: 0, issueCount: 1 });
  });
});
