/** Small files that stand for very much: how far they are unpacked, and what is held of them meanwhile. */
import { describe, expect, it } from 'vitest';
import { FREE_UNPACKED_BYTES, MAX_UNPACK_RATIO, MAX_ZSTD_WINDOW_BYTES } from '../../../src/base/bounds.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { zstd } from '../../../src/engine/containers/zstd.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';
import { unpacked } from '../../helpers/unpacked.ts';
import { zstdFrame, zstdRun } from '../../helpers/zstdFrame.ts';

const BLOCK = 1 << 17;
/** A window of 2 MiB, and neither size nor checksum. */
const WINDOW = [0x00, 0x58];
const LINE = `${JSON.stringify({
  messages: [
    { role: 'user', content: 'Which plums?' },
    { role: 'assistant', content: 'The ripe ones.' },
  ],
})}\n`;

describe('zstd that stands for much more than it is', () => {
  it('comes in pieces of a few megabytes', async () => {
    const bomb = zstdRun(0x61, BLOCK, 20_000, WINDOW);
    let most = 0;
    let total = 0;
    for await (const { bytes, fault } of zstd.inflate(bytesSource('a', Uint8Array.from(bomb)))) {
      expect(fault).toBeNull();
      most = Math.max(most, bytes.length);
      total += bytes.length;
      if (total > 200_000_000) break;
    }
    expect(total).toBeGreaterThan(200_000_000);
    expect(most).toBeLessThan(4 << 20);
  });
  it('has no block of more bytes than a block may have', async () => {
    const bomb = zstdRun(0x61, 1 << 20, 3, WINDOW);
    expect(await unpacked(bomb, zstd)).toEqual({ content: Buffer.alloc(0), faults: [expect.stringContaining('invalid zstd data')] });
  });
  it('is not given the window that it declares, where that is too large', async ({ task }) => {
    // Windows of 2 TiB and 256 MiB, contents of 2^63 and 2^31 bytes: of long frames, and of short ones.
    const heads: Record<string, readonly number[]> = {
      'a window of 2 TiB': [0x00, 0xf8],
      'a window of 256 MiB': [0x00, 0x90],
      'a content of 8 EiB': [0xe0, 0, 0, 0, 0, 0, 0, 0, 0x80],
      'a content of 2 GiB': [0xa0, 0, 0, 0, 0x80],
    };
    const before = process.memoryUsage().arrayBuffers;
    for (const [name, head] of Object.entries(heads)) {
      const long = await unpacked(zstdRun(0x61, BLOCK, 200, head), zstd);
      expect({ name, faults: long.faults }).toEqual({
        name,
        faults: [expect.stringContaining(`where at most ${MAX_ZSTD_WINDOW_BYTES.toLocaleString('en')} are kept`)],
      });
      const short = await unpacked(zstdRun(0x61, 1000, 2, head), zstd);
      expect(short.content.equals(Buffer.alloc(2000, 'a'))).toBe(true);
      // One that names its length and is shorter has changed.
      expect(short.faults).toHaveLength(name.startsWith('a content') ? 1 : 0);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
    const happened = 'an issue at the member that names both windows; short frames are unpacked in what they need';
    proven(task, { part: 'Bounds', fault: `zstd frames declare ${Object.keys(heads).join(', ')}`, happened });
  });
});

describe('what one packed file gives', () => {
  it('ends at the bound, and what came before is read', async ({ task }) => {
    const file = Buffer.concat([zstdFrame(Buffer.from(LINE.repeat(2))), zstdRun(0x20, BLOCK, 23_000, WINDOW)]);
    const { facts, session } = await openSession([inputFile('log.jsonl.zst', file)]);
    expect(facts.inputs).toMatchObject([{ records: 3, rollouts: 2, issueCount: 1 }]);
    const [issue] = session.issues(0, 5).issues;
    expect(issue).toMatchObject({ code: 'too-large', severity: 'record' });
    const bytes = issue?.address.start ?? 0;
    expect(bytes).toBeGreaterThan(FREE_UNPACKED_BYTES);
    expect(bytes).toBeLessThanOrEqual(FREE_UNPACKED_BYTES + MAX_UNPACK_RATIO * file.length);
    proven(task, {
      part: 'Bounds',
      fault: `A .zst of ${file.length.toLocaleString('en')} bytes holds two records and 3 GB of blanks`,
      happened: `an issue at the member after ${bytes.toLocaleString('en')} bytes; 3 records = 2 rollouts + 1 issue`,
    });
  });
});
