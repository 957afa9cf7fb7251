/** What of each rollout a budget keeps and what of it is trained. */
import { cutFigures } from '../../core/rollouts/cut-figures.ts';
import type { RolloutFigures } from '../answers/rollouts.ts';
import type { Keep, Ruling } from '../ruled.ts';

/** O(nodes over all trajectories). */
export function rolloutFigures({ dataset, problem: { forest }, order }: Ruling, { cut, train }: Keep): RolloutFigures {
  const isKept = new Uint8Array(forest.length);
  for (let task = 0; task < order.tasks; task++) {
    const limit = cut.limit[task] ?? 0;
    for (let n = forest.treeStart[task] ?? 0; n < (forest.treeStart[task + 1] ?? 0); n++) isKept[n] = (order.rank[n] ?? 0) < limit ? 1 : 0;
  }
  return cutFigures(
    forest,
    dataset.tokens.rollouts.length,
    (n) => isKept[n] === 1,
    (n) => train.trainedOf(n),
  );
}
