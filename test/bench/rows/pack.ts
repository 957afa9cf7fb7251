/** Packing trees into rows, against tries of Maps filled first-fit in row order, which is what trainers do at run time. */
import { sampleTree, type Sample } from '../../../src/core/export/sample-tree.ts';
import { packTree } from '../../../src/core/export/tree-bins.ts';
import { treeRows, type TreeRow } from '../../../src/core/export/tree-rows.ts';
import { makeTrajectories } from '../data/trajectories.ts';
import { firstFitTries } from '../reference/first-fit-tries.ts';
import { expectEqual, faster, inTurn, type Row, type Scale } from './row.ts';

const LIMIT = 32_768;

export function packRows(scale: Scale): Row[] {
  const shape = scale.quick
    ? { tasks: 2, rollouts: 16, tokens: 6000, shared: 0.7, segment: 500 }
    : { tasks: 8, rollouts: 32, tokens: 16_000, shared: 0.7, segment: 500 };
  const batch = makeTrajectories(shape);
  const tasks = new Map<string, Sample[]>();
  for (const [t, rollout] of batch.trajectoryRollout.entries()) {
    const { task } = batch.rollouts[rollout];
    const ids = batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1]);
    const weight = new Float64Array(ids.length).fill(1);
    const sample = { ids, weight, advantage: weight, logprob: new Float32Array(ids.length) };
    tasks.set(task, [...(tasks.get(task) ?? []), sample]);
  }
  scale.say(`packing trees of ${batch.tokens.length} tokens`);
  const times = inTurn(
    scale.runs,
    () => [...tasks.values()].flatMap(packed),
    () =>
      [...tasks.values()].flatMap((samples) =>
        firstFitTries(
          samples.map(({ ids }) => ids),
          LIMIT,
        ),
      ),
  );
  const samplesOf = (rows: readonly TreeRow[]): number => rows.reduce((sum, { samples }) => sum + samples.length, 0);
  expectEqual('samples', samplesOf(times.oursResult), batch.trajectoryRollout.length);
  const flat = batch.tokens.length;
  const ours = times.oursResult.reduce((sum, { segmentOffsets }) => sum + (segmentOffsets.at(-1) ?? 0), 0);
  const reference = times.referenceResult.reduce((sum, { distinct }) => sum + distinct, 0);
  const err = (tokens: number): string => `${(100 * (1 - tokens / flat)).toFixed(2)} %`;
  return [
    faster(
      'packing trees into rows of 32,768 tokens vs first-fit Map tries',
      times,
      '>= 3',
      `${flat} tokens of ${shape.tasks} tasks, ${(flat / times.ours / 1000).toFixed(0)} Mtok/s; ours makes rows and losses as well; ` +
        `ERR ${err(ours)} in ${times.oursResult.length} rows, reference ${err(reference)} in ${times.referenceResult.length}`,
    ),
  ];
}

function packed(samples: readonly Sample[]): TreeRow[] {
  const tree = sampleTree(samples);
  return treeRows(tree, packTree(tree, LIMIT, 128), 128);
}
