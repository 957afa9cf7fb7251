/** Reach: the most shared prefix first. */
import { frontierOrder } from '../frontier-order.ts';
import type { PruneStrategy } from '../strategy.ts';
import { topKeys } from '../units.ts';

export const reach: PruneStrategy<'reach'> = {
  id: 'reach',
  label: 'reach',
  help: 'Baseline: the most shared prefix first.',
  isBaseline: true,
  mergeable: true,
  order({ problem: { forest }, units, rest, heads }) {
    // The share of its task's trajectories that pass a unit's first node.
    const share = (node: number, task: number): number =>
      forest.reachCount[node] / (forest.trajectoryStart[task + 1] - forest.trajectoryStart[task]);
    return frontierOrder(units, topKeys(units, share), rest, heads);
  },
};
