import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { alternateExtremes, largestRewardVarianceFirst } from '../../../../src/core/prune/path-order.ts';
import { BARE, problemOf } from './forests.ts';

it('takes extremes in turn and what has no reward last', () => {
  expect(alternateExtremes([0.5, Number.NaN, 1, 0, 0.9])).toEqual([2, 3, 4, 0, 1]);
  expect(alternateExtremes([0, 0, 1])).toEqual([2, 0, 1]);
  expect(alternateExtremes([])).toEqual([]);
});

it('leaves the chosen rewards an upper and a lower end of all rewards at every size', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), (rewards) => {
      const order = alternateExtremes(rewards);
      expect([...order].sort((a, b) => a - b)).toEqual([...rewards.keys()]);
      const sorted = [...rewards].sort((a, b) => a - b);
      for (let size = 1; size <= order.length; size++) {
        const chosen = order
          .slice(0, size)
          .map((i) => rewards[i])
          .sort((a, b) => a - b);
        const ends = Array.from({ length: size + 1 }, (_, low) => [...sorted.slice(0, low), ...sorted.slice(sorted.length - size + low)]);
        expect(ends).toContainEqual(chosen);
      }
    }),
  );
});

it('lets tasks take turns, a whole rollout each', () => {
  const problem = problemOf(
    [{ parent: NONE }, { parent: 0 }, { parent: 0 }, { parent: 0 }, { parent: NONE }, { parent: 4 }, { parent: 4 }],
    BARE,
    { trajectoryReward: Float64Array.of(0, 1, 0, 0, 1) },
  );
  problem.forest.trajectories.rollout.set([0, 1, 0, 2, 3]);
  expect([...largestRewardVarianceFirst(problem)]).toEqual([1, 4, 0, 2, 3]);
});
