/** Random: what a cut that knows nothing of branches retains by chance. */
import { randomOrder } from '../frontier-order.ts';
import { taskRanks } from '../spread.ts';
import type { PruneStrategy } from '../strategy.ts';

export const random: PruneStrategy<'random'> = {
  id: 'random',
  label: 'random',
  help: 'Baseline: uniformly random among the frontier.',
  isBaseline: true,
  acrossTasks: true,
  order: ({ problem: { forest }, units, rest, seed }) => randomOrder(units, taskRanks(forest), seed, rest),
};
