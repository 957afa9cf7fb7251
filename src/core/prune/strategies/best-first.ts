/** Best-first: the procedure described for KAT-Coder, from the roots outwards. A unit is as important as its most important node. */
import { frontierOrder } from '../frontier-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const bestFirst: PruneStrategy<'best-first'> = {
  id: 'best-first',
  label: 'KAT-Coder procedure',
  help:
    'From the root, always the most important node of the frontier (KAT-Coder, arXiv 2510.18779); it keeps few endings, ' +
    'because reach × long-term entropy falls to 0 at the end of every path.',
  isBaseline: false,
  mergeable: true,
  line: 'rival',
  order: ({ units, rest, heads }) => frontierOrder(units, units.importance, rest, heads),
};
