/** A budget applied to an order: how many groups are kept, and which nodes that is. */

import type { Forest } from '../model/forest.ts';
import { budgetOf } from './cost.ts';
import type { PruneOrder } from './order.ts';
import { lastAtMost } from './search.ts';

/** A node of task t is kept when rank[node] < limit[t]. */
export interface Cut {
  /** Of the total cost (of each task's total, where the scope is the task) that may be kept, 0..1. */
  readonly share: number;
  /** task -> groups kept; the same for all tasks where the scope is global */
  readonly limit: Int32Array;
  /** Cost kept, in the rule's unit; at most `budget`. */
  readonly cost: number;
  readonly budget: number;
  /** Raw signal kept. */
  readonly signal: number;
  /** The budget is below what pins demand, in this many scopes; their pinned nodes then compete by importance. */
  readonly floorUnmet: number;
}

/** The longest prefix of whole useful groups that fits: it stops at the first group that does not. O(scopes · log n). */
export function cutAt(order: PruneOrder, share: number): Cut {
  if (!(share >= 0 && share <= 1)) throw new Error(`budget share: expected a number from 0 to 1, found ${share}`);
  const limit = new Int32Array(order.tasks);
  let cost = 0;
  let budget = 0;
  let signal = 0;
  let floorUnmet = 0;
  for (let s = 0; s + 1 < order.start.length; s++) {
    const from = order.start[s];
    const to = order.start[s + 1];
    const allowed = budgetOf(share, order.cost[to - 1]);
    const row = Math.max(from, lastAtMost(order.cost, from, from + order.useful[s] + 1, allowed));
    if (order.scope === 'global') limit.fill(row - from);
    else limit[s] = row - from;
    cost += order.cost[row];
    signal += order.signal[row];
    budget += allowed;
    if (order.cost[from + order.pinned[s]] > allowed) floorUnmet++;
  }
  return { share, limit, cost, budget, signal, floorUnmet };
}

/** node -> 1 = kept. O(nodes); drawing needs only rank and limit. */
export function keepMask(forest: Forest, order: PruneOrder, cut: Pick<Cut, 'limit'>): Uint8Array {
  const kept = new Uint8Array(forest.length);
  for (let t = 0; t < order.tasks; t++) {
    const limit = cut.limit[t];
    for (let n = forest.treeStart[t]; n < forest.treeStart[t + 1]; n++) kept[n] = order.rank[n] < limit ? 1 : 0;
  }
  return kept;
}
