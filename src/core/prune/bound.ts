/**
 * The certificate: no parent-closed set of a given cost retains more signal than this curve. It is the fractional
 * optimum on the plain nodes, without pairs and protection, and hence a bound for every strategy and rule.
 */

import { NONE } from '../model.ts';
import type { Forest, Scope } from '../model.ts';
import { budgetOf } from './cost.ts';
import { densityOrder } from './density.ts';
import { nodeTasks } from './problem.ts';
import { lastAtMost } from './search.ts';

/** Corners of one concave curve per scope: scope s owns rows [start[s], start[s + 1]), the first of which is (0, 0). */
export interface BoundCurve {
  readonly start: Int32Array;
  readonly cost: Float64Array;
  readonly signal: Float64Array;
}

/** O(n log n). Depends on the forest, the signal, the cost and the scope only, so strategies can share it. */
export function boundCurve(forest: Forest, signal: Float64Array, cost: Float64Array, scope: Scope): BoundCurve {
  const { order, blockStart } = densityOrder({ length: forest.length, parent: forest.parent, cost, signal });
  const blocks = blockStart.length - 1;
  const scopes = scope === 'global' ? 1 : forest.treeStart.length - 1;
  const tasks = scope === 'global' ? null : nodeTasks(forest);
  const scopeOf = (block: number): number => (tasks === null ? 0 : tasks[order[blockStart[block]]]);
  const start = new Int32Array(scopes + 1);
  for (let b = 0; b < blocks; b++) start[scopeOf(b) + 1]++;
  for (let s = 0; s < scopes; s++) start[s + 1] += start[s] + 1;
  const curve = { start, cost: new Float64Array(blocks + scopes), signal: new Float64Array(blocks + scopes) };
  const at = start.slice(0, scopes);
  for (let b = 0; b < blocks; b++) {
    const row = ++at[scopeOf(b)];
    curve.cost[row] = curve.cost[row - 1];
    curve.signal[row] = curve.signal[row - 1];
    for (let i = blockStart[b]; i < blockStart[b + 1]; i++) {
      curve.cost[row] += cost[order[i]];
      curve.signal[row] += signal[order[i]];
    }
  }
  return curve;
}

/** The most signal that any keep set can retain when every scope may spend `share` of its total cost. */
export function boundAt(curve: BoundCurve, share: number): number {
  let bound = 0;
  for (let s = 0; s + 1 < curve.start.length; s++) {
    const end = curve.start[s + 1] - 1;
    const budget = budgetOf(share, curve.cost[end]);
    const row = lastAtMost(curve.cost, curve.start[s], end + 1, budget);
    if (row === NONE) continue;
    bound += curve.signal[row];
    if (row < end) {
      const part = (budget - curve.cost[row]) / (curve.cost[row + 1] - curve.cost[row]);
      bound += part * (curve.signal[row + 1] - curve.signal[row]);
    }
  }
  return bound;
}
