/** Longest path: whole branches, as a packer that fills batches would take them. */
import { longestFirst, pathOrder } from '../path-order.ts';
import type { PruneStrategy } from '../strategy.ts';

export const longestPath: PruneStrategy<'longest-path'> = {
  id: 'longest-path',
  label: 'longest path',
  help: 'Baseline: whole branches, the longest first.',
  isBaseline: true,
  line: 'dotted',
  order: ({ problem, units }) => pathOrder(problem, units, longestFirst(problem)),
};
