import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { taskDivisors } from '../../../../src/core/signal/coefficient.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { withOutcome } from '../../../../src/core/tree/outcome.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';

const frozen = batches({ maxRollouts: 6 }).map((batch) => {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder).forest;
});

it('counts as samplers of a node exactly those that succeeded, and divides by them', () => {
  let changed = 0;
  fc.assert(
    fc.property(frozen, (forest) => {
      const made = withOutcome(forest, 'successes');
      const { reward, leaf, length, rollout } = forest.trajectories;
      const known = reward.some((value) => !Number.isNaN(value));
      const learns = (t: number): boolean => !known || reward[t] > 0;
      const counts = new Int32Array(forest.length);
      for (let t = 0; t < length; t++) {
        for (let n = leaf[t]; n !== NONE; n = forest.parent[n]) {
          const sampled = learns(t) && sampledAt(forest.trajectories, t, forest.depth[n]);
          expect(sampledAt(made.trajectories, t, forest.depth[n])).toBe(sampled);
          if (sampled) counts[n]++;
        }
      }
      expect(made.sampledCount).toEqual(counts);
      if (counts.some((count, n) => count !== forest.sampledCount[n])) changed++;
      const tasks = forest.treeStart.length - 1;
      const members = Array.from({ length: tasks }, (_, task) =>
        [...forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1])].filter(learns),
      );
      expect([...taskDivisors(made, 'trajectories')]).toEqual(members.map((list) => Math.max(1, list.length)));
      expect([...taskDivisors(made, 'rollouts')]).toEqual(members.map((list) => Math.max(1, new Set(list.map((t) => rollout[t])).size)));
    }),
  );
  expect(changed).toBeGreaterThan(20);
});

it('leaves the forest as it is where all may train, or where no reward is known', () => {
  fc.assert(
    fc.property(frozen, (forest) => {
      expect(withOutcome(forest, 'all')).toBe(forest);
      const blind = { ...forest, trajectories: { ...forest.trajectories, reward: forest.trajectories.reward.map(() => NaN) } };
      expect(withOutcome(blind, 'successes')).toBe(blind);
    }),
  );
});
