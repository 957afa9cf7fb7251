/** What an order retains by the sampled tokens that it keeps: what training whole rollouts at random gives for as many of them. */
import type { Forest } from '../model/forest.ts';
import type { PruneOrder } from './order.ts';
import { nodeTasks } from './problem.ts';
import { lastAtMost } from './search.ts';

/** share of all sampled tokens (of each task's, where each has its own budget) -> retained ÷ total signal. O(nodes). */
export function retainedBySampled(forest: Forest, order: PruneOrder, shares: Float64Array): Float64Array<ArrayBuffer> {
  const tasks = nodeTasks(forest);
  const sampled = new Float64Array(order.cost.length);
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const row = order.start[order.scope === 'global' ? 0 : tasks[n]] + order.rank[n] + 1;
    sampled[row] += forest.edgeStart[n + 1] - forest.edgeStart[n];
  }
  for (let s = 0; s + 1 < order.start.length; s++)
    for (let row = order.start[s] + 1; row < order.start[s + 1]; row++) sampled[row] += sampled[row - 1];
  return Float64Array.from(shares, (share) => {
    let signal = 0;
    for (let s = 0; s + 1 < order.start.length; s++) {
      const end = order.start[s + 1];
      const row = lastAtMost(sampled, order.start[s], end, share * sampled[end - 1] + 1e-9);
      signal += order.signal[Math.max(row, order.start[s])];
    }
    return order.totalSignal > 0 ? signal / order.totalSignal : 1;
  });
}
