/** HES: the rollouts with the most entropy in their few most uncertain tokens. */
import { pathTo } from '../../tree/navigate.ts';
import { hasSampled } from '../../tree/sampled.ts';
import { listRollouts, rolloutOrder, type Rollouts } from '../rollouts.ts';
import type { PruneProblem } from '../problem.ts';
import type { PruneStrategy } from '../strategy.ts';

/** Share of a rollout's sampled tokens that count. */
const TOP = 0.005;

export const hes: PruneStrategy<'hes'> = {
  id: 'hes',
  label: 'high-entropy sum',
  help:
    'Whole rollouts by the sum of entropy over the 0.5 % of their tokens that have most of it (HES, arXiv 2605.22389); ' +
    'unknown entropy last.',
  isBaseline: false,
  order(input) {
    const rollouts = listRollouts(input.problem);
    const sums = highEntropySums(input.problem, rollouts);
    const order = Int32Array.from(sums.keys()).sort((a, b) => (sums[a] === sums[b] ? a - b : sums[b] - sums[a]));
    return rolloutOrder(input, rollouts, order);
  },
};

/** rollout -> nats over the top tokens of all its trajectories, at least one; −1 where none has an entropy. O(flat tokens · log). */
export function highEntropySums(problem: PruneProblem, rollouts: Rollouts): Float64Array {
  const { forest, tokens } = problem;
  return Float64Array.from(rollouts.members, (own) => {
    if (tokens === undefined) return -1;
    const values: number[] = [];
    // What several of its trajectories sampled in common is one sampling.
    const seen = new Set<number>();
    for (const t of own) {
      for (const n of pathTo(forest, forest.trajectories.leaf[t])) {
        if (seen.has(n) || !hasSampled(forest, t, n)) continue;
        seen.add(n);
        for (let at = forest.edgeStart[n]; at < forest.edgeStart[n + 1]; at++) values.push(tokens.entropy(at, n));
      }
    }
    const known = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
    if (known.length === 0) return -1;
    return known.subarray(known.length - Math.ceil(TOP * known.length)).reduce((sum, value) => sum + value, 0);
  });
}
