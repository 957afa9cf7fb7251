import '../../helpers/drawSeed.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { makeBatchWriter } from '../../../src/core/tokens/batch-writer.ts';
import { makeForestBuilder } from '../../../src/core/tree/build.ts';
import { freeze } from '../../../src/core/tree/freeze.ts';
import { KIND } from '../../../src/core/model/kinds.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { expectedBytes, forestBytes, outlook } from '../../../src/engine/forest-room.ts';
import { makeLocalPool } from '../../../src/engine/pool.ts';
import { makeSession } from '../../../src/engine/session.ts';
import { writeTokenLog } from '../../bench/data/token-log.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes of all typed arrays below a value, each once. */
function walked(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.values(value).reduce<number>((sum, each) => sum + walked(each, seen), 0);
}

describe('the bytes of a forest that is being built', () => {
  it.each([
    ['short trajectories', 4000, 6, ['surprisal']],
    ['long ones with three signals', 120, 1500, ['entropy', 'surprisal', 'advantage']],
    ['no signals', 500, 200, []],
  ] as const)('are what builder and frozen forest take together: %s', (_, rollouts, length, channels) => {
    const random = makeRandom(7);
    const builder = makeForestBuilder();
    for (let r = 0; r < rollouts; r++) {
      const writer = makeBatchWriter();
      const address = { unit: 'bytes', start: r, size: 1, member: 0 } as const;
      const row = { id: `${r}`, task: `${r % 20}`, taskLabel: '', source: 0, line: 0, address, reward: null, advantage: null };
      writer.beginTrajectory(writer.addRollout({ ...row, status: '', policy: '', startedAt: null }), 0, Number.NaN, Number.NaN);
      const fork = Math.floor(random() * length);
      for (let at = 0; at < length; at++) {
        if (at % 50 === 0) writer.beginSegment(KIND.text, 1, undefined, null);
        writer.addToken(at < fork ? at : Math.floor(random() * 1000));
        for (const channel of channels) writer.setChannel(channel, at, random());
      }
      builder.add(writer.finish());
    }
    const both = walked({ builder, frozen: freeze(builder) });
    expect(forestBytes(builder) / both).toBeGreaterThan(0.8);
    expect(forestBytes(builder) / both).toBeLessThan(1.3);
  });
});

describe('what is said of a log that does not fit', () => {
  const reach = { bytes: 200e6, total: 9e9, distinctTokens: 1_300_000, open: 0, held: 130e6, room: 3e9 };

  it('is nothing where it fits, and where too little was read to tell', () => {
    expect(outlook({ ...reach, room: 6e9 })).toBeNull();
    expect(outlook({ ...reach, bytes: 1e6 })).toBeNull();
    expect(outlook({ ...reach, bytes: 0, total: 0 })).toBeNull();
    // What is there is never less than what is expected of all.
    expect(expectedBytes({ ...reach, total: 0 })).toBe(reach.held);
  });

  it('counts what was open before once, and says so', () => {
    const more = { ...reach, open: 100e6 };
    expect(expectedBytes(more)).toBeCloseTo(100e6 + 30e6 * 45, -3);
    expect(outlook(more)).toBeNull();
    expect(outlook({ ...more, room: 1e9 })).toContain(
      'all of it, with what was open before, would take about 1.5 GB of memory, and there is room for 1 GB',
    );
  });

  it('has the numbers and a way out', () => {
    expect(outlook(reach)).toBe(
      '200 MB of 9 GB hold 1,300,000 distinct tokens: all of it would take about 5.9 GB of memory, and ' +
        'there is room for 3 GB. ' +
        'Reading ends where the room does; what is read until then stays. ' +
        'Open fewer files, or cut the log in parts with `espalier prune --stream`.',
    );
  });
});

it('a session reads what there is room for, and says of each file what it left', { timeout: 60_000 }, async () => {
  const path = join(folder, 'ids.jsonl');
  writeTokenLog(path, 14e6, 3);
  const bytes = Uint8Array.from(readFileSync(path));
  const files = ['a.jsonl', 'b.jsonl'].map((name) => ({ path: name, source: bytesSource(name, bytes), handle: { bytes } }));
  const openHandle = async (): Promise<ReturnType<typeof bytesSource>> => bytesSource('ids', bytes);
  const opened = async (
    room: number,
  ): Promise<{ facts: ReturnType<typeof session.facts>; said: Set<string>; issues: readonly string[] }> => {
    const said = new Set<string>();
    session = makeSession({ pool: makeLocalPool(openHandle), unpack, room });
    const facts = await session.open(files, DEFAULT_OPEN_SETTINGS, (progress) => {
      if (progress.outlook) said.add(progress.outlook);
      if (progress.bytes === progress.totalBytes) said.add('all bytes are accounted for');
    });
    const issues = session.issues(0, 10).issues.map(({ file, code, found, address }) => `${file} ${code} ${address.start} ${found}`);
    return { facts, said, issues };
  };
  let session: ReturnType<typeof makeSession>;

  const whole = await opened(1e9);
  expect([whole.facts.complete, whole.facts.issues, [...whole.said]]).toEqual([true, 0, ['all bytes are accounted for']]);

  const part = await opened(2e6);
  expect(part.facts.complete).toBe(false);
  expect(part.facts.rollouts).toBeGreaterThan(0);
  expect(part.facts.rollouts).toBeLessThan(whole.facts.rollouts);
  for (const { records, rollouts, issueCount } of part.facts.inputs) expect(records).toBe(rollouts + issueCount);
  expect([...part.said].join('\n')).toMatch(
    /hold [\d,]+ distinct tokens: all of it would take about [\d.]+ MB of memory, and there is room for 2 MB/,
  );
  expect(part.said).toContain('all bytes are accounted for');
  expect(part.issues).toHaveLength(2);
  expect(part.issues[0]).toMatch(/^a\.jsonl no-room [1-9]\d* .*; [\d.]+ MB of this file are not read\. Open fewer files/);
  expect(part.issues[1]).toMatch(/^b\.jsonl no-room 0 .*; 14\.\d MB of this file are not read\./);
  // What is left of the first file does not count as read.
  const figure = (issue: string | undefined, words: RegExp): number => Number(words.exec(issue ?? '')?.[1]);
  const left = figure(part.issues[0], /([\d.]+) MB of this file are not read/);
  expect(figure(part.issues[1], /([\d.]+) MB of [\d.]+ MB hold/)).toBeLessThanOrEqual(bytes.length / 1e6 - left + 0.1);
});
