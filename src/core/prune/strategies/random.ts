/** Random: what a cut retains by chance. */
import { randomOrder } from '../frontier-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const random: PruneStrategy<'random'> = {
  id: 'random',
  label: 'random',
  help: 'Baseline: uniformly random among the frontier.',
  isBaseline: true,
  isSeeded: true,
  line: 'dashed',
  order: ({ units, rest, seed }) => randomOrder(units, seed, rest),
};
