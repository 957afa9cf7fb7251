/** Whole branches: density over paths to their end, so that what is kept also ends. */
import { branchesByDensity } from '../branch-density.ts';
import type { PruneStrategy } from '../strategy.ts';

export const wholeBranches: PruneStrategy<'whole-branches'> = {
  id: 'whole-branches',
  label: 'whole branches',
  help: 'Branches from root to end, always the one that adds the most signal per cost to what is kept; so endings survive.',
  isBaseline: false,
  mergeable: true,
  order: branchesByDensity,
};
