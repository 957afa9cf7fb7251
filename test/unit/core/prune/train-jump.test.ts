/** The end of the train set by jumps, against the pass over the rows. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cut } from '../../../../src/core/prune/cut.ts';
import { trainEnd, type TrainTicks } from '../../../../src/core/prune/train.ts';
import { makeEndFinder } from '../../../../src/core/prune/train-jump.ts';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';

function ticksOf(rows: number, pinned: number, ranks: number, seed: number): TrainTicks {
  const random = makeRandom(seed);
  const column = (below: number): Int32Array => Int32Array.from({ length: rows }, () => Math.floor(random() * below));
  const tokens = column(20);
  const rank = column(ranks);
  // What no budget keeps has the largest rank.
  for (let i = 0; i < rows; i += 11) rank[i] = 0x7fff_ffff;
  return {
    rank,
    tokens,
    task: column(3),
    row: Int32Array.from({ length: rows }, (_, i) => i),
    signal: Float64Array.from({ length: rows }, random),
    pinned,
  };
}

function cutOf(limit: number): Cut {
  return { share: 1, limit: new Int32Array(3).fill(limit), cost: 0, budget: 0, signal: 0, floorUnmet: 0 };
}

it('ends where the pass ends, at every cut and budget', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      // Beyond 256 · 256 rows runs are longer than the shortest.
      fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 3000 }) }, { weight: 1, arbitrary: fc.constant(70_000) }),
      share,
      fc.constantFrom(1, 7, 2000),
      fc.integer(),
      fc.array(fc.tuple(share, fc.oneof(share, fc.constantFrom(0, 1))), { minLength: 1, maxLength: 8 }),
      (rows, pins, ranks, seed, budgets) => {
        const ticks = ticksOf(rows, Math.floor(pins * rows * 0.5), ranks, seed);
        const endAt = makeEndFinder(ticks);
        for (const [cutShare, trainShare] of budgets) {
          const cut = cutOf(Math.round(cutShare * ranks));
          const kept = { tokens: 0, signal: 0 };
          for (let i = 0; i < rows; i++) {
            if (ticks.rank[i] >= cut.limit[0]) continue;
            kept.tokens += ticks.tokens[i];
            kept.signal += ticks.signal[i];
          }
          const { signal, ...expected } = trainEnd(ticks, cut, kept, trainShare);
          const { signal: found, ...end } = endAt(cut, kept, trainShare);
          expect(end).toEqual(expected);
          expect(Math.abs(found - signal)).toBeLessThanOrEqual(1e-9 * Math.max(1, signal));
        }
      },
    ),
    { numRuns: 200 },
  );
});

it('refuses a share that is none', () => {
  const endAt = makeEndFinder(ticksOf(10, 0, 3, 1));
  expect(() => endAt(cutOf(3), { tokens: 5, signal: 1 }, NaN)).toThrow('train share: expected a number from 0 to 1, found NaN');
});
