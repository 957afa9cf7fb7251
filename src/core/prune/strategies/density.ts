/** Density: blocks of falling signal per cost, the nested optimum of the tree knapsack. */
import { densityOrder } from '../density.ts';
import { groupedDensity } from '../grouped-density.ts';
import { takenBy } from '../heads.ts';
import type { PruneStrategy } from '../strategy.ts';

export const density: PruneStrategy<'density'> = {
  id: 'density',
  label: 'density',
  help: 'Blocks of falling signal per cost: of all nested cuts the most signal over all budgets, exact where turns do not fork inside.',
  isBaseline: false,
  mergeable: true,
  line: 'rival',
  order(input) {
    const { problem, units, blockOf, heads } = input;
    if (problem.whole?.hasOpen ?? units.open.includes(1)) return groupedDensity(input);
    const { order, blockStart, density: keys } = densityOrder({ ...units, signal: units.rankSignal, skip: units.mandatory });
    for (let b = 0; b + 1 < blockStart.length; b++) {
      const top = order[blockStart[b]];
      for (let i = blockStart[b]; i < blockStart[b + 1]; i++) {
        blockOf[order[i]] = b;
        takenBy(heads, units, order[i], keys[top], top);
      }
    }
    return order;
  },
};
