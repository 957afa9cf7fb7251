/** Breadth-first: every branch is truncated at one depth. */
import { frontierOrder } from '../frontier-order.ts';
import type { PruneStrategy } from '../strategy.ts';
import { topKeys } from '../units.ts';

export const breadthFirst: PruneStrategy<'breadth-first'> = {
  id: 'breadth-first',
  label: 'breadth-first',
  help: 'Baseline: level by level, so every branch is truncated at one depth.',
  isBaseline: true,
  mergeable: true,
  order: ({ problem: { forest }, units, rest, heads }) =>
    frontierOrder(
      units,
      topKeys(units, (node) => -forest.depth[node]),
      rest,
      heads,
    ),
};
