import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partJobs } from '../../../src/engine/job-parts.ts';
import { makeLanes } from '../../../src/engine/lanes.ts';
import '../../helpers/drawSeed.ts';

describe('partJobs', () => {
  it('names each job once, whoever asks', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat()), (count, lanes, asking) => {
        const next = partJobs(count, lanes);
        const named = Array.from({ length: count }, () => next((asking.next().value ?? 0) % lanes));
        expect(named.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(() => next(0)).toThrow('no more');
      }),
    );
  });

  it('keeps each lane on neighbours while all are equally fast, and one lane in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (lanes, each) => {
        const next = partJobs(lanes * each, lanes);
        for (let round = 0; round < each; round++) for (let lane = 0; lane < lanes; lane++) expect(next(lane)).toBe(lane * each + round);
      }),
    );
  });

  it('gives the further half of the longest part to who is done', () => {
    const next = partJobs(16, 2);
    for (let i = 0; i < 8; i++) expect(next(1)).toBe(i);
    expect(next(0)).toBe(8);
    // Of 9 to 15.
    expect([next(1), next(0), next(1), next(1), next(1)]).toEqual([12, 9, 13, 14, 15]);
    expect([next(1), next(0)]).toEqual([11, 10]);
  });
});

describe('makeLanes', () => {
  it('tells each task a lane that no other has, the one left last first', async () => {
    const lanes = makeLanes(3);
    const ends: (() => void)[] = [];
    const told: number[] = [];
    const start = (): Promise<void> =>
      lanes.run((lane) => {
        told.push(lane);
        return new Promise((resolve) => (ends[lane] = resolve));
      });
    for (let i = 0; i < 3; i++) await start();
    const waits = start();
    ends[1]?.();
    await waits;
    ends[2]?.();
    await start();
    expect(told).toEqual([0, 1, 2, 1, 2]);
    for (const end of ends) end();
    await lanes.finish();
  });
});
