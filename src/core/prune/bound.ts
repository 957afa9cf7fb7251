/**
 * The certificate: no keep set of a given cost retains more signal than this curve. It is the fractional optimum on the
 * tree without protection, and hence a bound for every strategy and rule. What no rule may ever separate (an open node
 * and its only child) counts as one node: still valid for every keep set, and closer to what one can reach.
 */

import { NONE } from '../model.ts';
import type { Forest, Scope } from '../model.ts';
import { budgetOf } from './cost.ts';
import { densityOrder } from './density.ts';
import type { WeightedTree } from './density.ts';
import { nodeTasks } from './problem.ts';
import { lastAtMost } from './search.ts';
import { isClosed } from './segments.ts';
import type { NodeShape } from './segments.ts';

/** Corners of one concave curve per scope: scope s owns rows [start[s], start[s + 1]), the first of which is (0, 0). */
export interface BoundCurve {
  readonly start: Int32Array;
  readonly cost: Float64Array;
  readonly signal: Float64Array;
}

/** O(n log n). Depends on the forest, the signal, the cost and the scope only, so strategies can share it. */
export function boundCurve(
  forest: Forest, shape: NodeShape, signal: Float64Array, cost: Float64Array, scope: Scope,
): BoundCurve {
  const tree = joinPairs(forest, shape, signal, cost);
  const { order, blockStart } = densityOrder(tree);
  const blocks = blockStart.length - 1;
  const scopes = scope === 'global' ? 1 : forest.treeStart.length - 1;
  const scopeOf = (block: number): number => (scope === 'global' ? 0 : tree.task[order[blockStart[block]]]);
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
      curve.cost[row] += tree.cost[order[i]];
      curve.signal[row] += tree.signal[order[i]];
    }
  }
  return curve;
}

/** The forest with every open only-child chain as one row: a keep set has all of such a chain or none of it. */
function joinPairs(
  forest: Forest, shape: NodeShape, signal: Float64Array, cost: Float64Array,
): WeightedTree & { readonly task: Int32Array } {
  const row = new Int32Array(forest.length);
  const tasks = nodeTasks(forest);
  const tree = {
    length: 0,
    parent: new Int32Array(forest.length),
    task: new Int32Array(forest.length),
    cost: new Float64Array(forest.length),
    signal: new Float64Array(forest.length),
  };
  for (let n = 0; n < forest.length; n++) {
    const p = forest.parent[n];
    if (p !== NONE && shape.childCount[p] === 1 && !isClosed(forest, p)) row[n] = row[p];
    else {
      row[n] = tree.length++;
      tree.parent[row[n]] = p === NONE ? NONE : row[p];
      tree.task[row[n]] = tasks[n];
    }
    tree.cost[row[n]] += cost[n];
    tree.signal[row[n]] += signal[n];
  }
  return tree;
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
