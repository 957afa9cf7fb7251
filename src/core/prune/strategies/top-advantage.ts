/** Top |advantage|: whole trajectories by the size of their advantage. */
import { largestAdvantageFirst, pathOrder } from '../path-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const topAdvantage: PruneStrategy<'top-advantage'> = {
  id: 'top-advantage',
  label: 'top |advantage|',
  help: 'Baseline: whole trajectories, largest |advantage| first.',
  isBaseline: true,
  order: ({ problem, units }) => pathOrder(problem, units, largestAdvantageFirst(problem)),
};
