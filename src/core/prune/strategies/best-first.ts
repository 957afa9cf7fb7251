/** Best-first: the procedure described for KAT-Coder, from the roots outwards by importance. */
import { frontierOrder } from '../frontier-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const bestFirst: PruneStrategy<'best-first'> = {
  id: 'best-first',
  label: 'best-first',
  help: 'From the root, always the most important node of the frontier (KAT-Coder, arXiv 2510.18779).',
  isBaseline: false,
  line: 'rival',
  order: ({ units, rest }) => frontierOrder(units, units.importance, rest),
};
