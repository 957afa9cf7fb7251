import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { hasSampled, isDisputed, sampledAt } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';

it('says of every trajectory which of its tokens it sampled, as its segments do, in tokens and in actions', () => {
  let disputed = 0;
  fc.assert(
    fc.property(batches(), fc.boolean(), fc.option(fc.integer({ min: 1, max: 3 })), (drawn, byActions, maxNodeTokens) => {
      const batch = byActions ? actionTrajectories(drawn) : drawn;
      const builder = makeForestBuilder({ maxNodeTokens });
      builder.add(batch);
      const { forest, rollouts } = freeze(builder);
      const { trajectories } = forest;
      for (let b = 0; b < batch.trajectoryRollout.length; b++) {
        const t = [...trajectories.rollout.keys()].find(
          (i) =>
            rollouts[trajectories.rollout[i]] === batch.rollouts[batch.trajectoryRollout[b]] &&
            trajectories.branch[i] === batch.trajectoryBranch[b],
        )!;
        const marks: boolean[] = [];
        for (let s = batch.trajectorySegment[b]; s < batch.trajectorySegment[b + 1]; s++) {
          const stop = s + 1 < batch.trajectorySegment[b + 1] ? batch.segmentStart[s + 1] : batch.trajectoryStart[b + 1];
          for (let i = batch.segmentStart[s]; i < stop; i++) marks.push((batch.segmentFlags[s] & FLAG.sampled) !== 0);
        }
        expect(marks.map((_, at) => sampledAt(trajectories, t, at))).toEqual(marks);
        for (let n = trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
          if (isDisputed(forest, n)) disputed++;
          expect(hasSampled(forest, t, n)).toBe(marks[forest.depth[n]]);
        }
        const runs = [...trajectories.sampledRuns.subarray(trajectories.sampledStart[t], trajectories.sampledStart[t + 1])];
        runs.forEach((bound, i) => expect(bound).toBeGreaterThan(runs[i - 1] ?? -1));
      }
    }),
  );
  expect(disputed).toBeGreaterThan(100);
});
