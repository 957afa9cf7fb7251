/** Max reward variance: a nested, greedy version of maximum-variance down-sampling. */
import { largestRewardVarianceFirst, pathOrder } from '../path-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const maxRewardVariance: PruneStrategy<'max-reward-variance'> = {
  id: 'max-reward-variance',
  label: 'max reward variance',
  help: 'Baseline: the subset of rollouts whose rewards differ most.',
  isBaseline: true,
  order: ({ problem, units }) => pathOrder(problem, units, largestRewardVarianceFirst(problem)),
};
