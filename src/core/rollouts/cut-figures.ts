/** What a cut and a train set make of each rollout. */
import type { Forest } from '../model/forest.ts';
import { eachNodeOfRollouts } from './measures.ts';

/** Columns by rollout. */
export interface CutFigures {
  /** Share of its distinct tokens that the cut keeps, 0 to 1; NaN where it has no tokens. */
  readonly kept: Float64Array<ArrayBuffer>;
  /** Its distinct tokens that carry loss; a token that several rollouts share counts in each of them. */
  readonly trained: Float64Array<ArrayBuffer>;
}

/**
 * O(nodes over all trajectories).
 * @param isKept whether the cut keeps a node
 * @param trainedOf tokens of a kept node that carry loss
 */
export function cutFigures(
  forest: Forest,
  rollouts: number,
  isKept: (node: number) => boolean,
  trainedOf: (node: number) => number,
): CutFigures {
  const kept = new Float64Array(rollouts);
  const trained = new Float64Array(rollouts);
  const tokens = new Float64Array(rollouts);
  const known = new Float64Array(forest.length).fill(-1);
  eachNodeOfRollouts(forest, (r, n, isSampled) => {
    const run = forest.edgeStart[n + 1] - forest.edgeStart[n];
    tokens[r] += run;
    if (!isKept(n)) return;
    kept[r] += run;
    if (!isSampled) return;
    if (known[n] < 0) known[n] = trainedOf(n);
    trained[r] += known[n];
  });
  return { kept: kept.map((sum, r) => (tokens[r] > 0 ? sum / tokens[r] : Number.NaN)), trained };
}
