/** The groups of an order as one row of steps, in which every budget is a beginning, whatever the budget's scope. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import type { Cut } from '../prune/cut.ts';
import { NEVER, type PruneOrder } from '../prune/order.ts';
import { nodeTasks } from '../prune/problem.ts';

export interface OrderSteps {
  readonly length: number;
  /** node -> step at which it is kept */
  readonly of: Int32Array<ArrayBuffer>;
  /** Steps taken at a budget. O(1), and O(tasks) where each has its own. */
  readonly at: (cut: Cut) => number;
}

/**
 * Where each task has a budget of its own, its groups come at the share of its cost at which they fit; the groups of all tasks
 * are put in the order of these shares, so that as many are taken at a share as the tasks take there together. O(groups · log).
 */
export function orderSteps(forest: Forest, { rank, start, cost, scope, tasks }: PruneOrder): OrderSteps {
  if (scope === 'global') {
    const length = Math.max(0, (start[1] ?? 1) - 1);
    return { length, of: rank.map((own) => (own === NEVER ? NONE : own)), at: ({ limit }) => (limit.length > 0 ? limit[0] : 0) };
  }
  const rows: number[] = [];
  const share = new Float64Array(cost.length);
  for (let s = 0; s < tasks; s++) {
    const total = cost[start[s + 1] - 1];
    for (let row = start[s] + 1; row < start[s + 1]; row++) {
      share[row] = total > 0 ? cost[row] / total : 0;
      rows.push(row);
    }
  }
  // Rows ascend within a task, and so do their shares.
  const sorted = Int32Array.from(rows).sort((a, b) => share[a] - share[b] || a - b);
  const stepOf = new Int32Array(cost.length);
  sorted.forEach((row, step) => (stepOf[row] = step));
  const taskOf = nodeTasks(forest);
  return {
    length: sorted.length,
    of: rank.map((own, n) => (own === NEVER ? NONE : stepOf[start[taskOf[n]] + own + 1])),
    at: ({ limit }) => limit.reduce((sum, groups) => sum + groups, 0),
  };
}
