/**
 * The certificate: no keep set of a given cost retains more signal than this curve. It is the fractional optimum on the
 * tree without protection, and hence a bound for every strategy and rule. What no rule may ever separate (an open node
 * and its only child) counts as one node: still valid for every keep set, and closer to what one can reach.
 */

import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import type { Scope } from '../model/rule.ts';
import { budgetOf } from './cost.ts';
import { densityOrder } from './density.ts';
import type { DensityOrder, WeightedTree } from './density.ts';
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
export function boundCurve(forest: Forest, shape: NodeShape, signal: Float64Array, cost: Float64Array, scope: Scope): BoundCurve {
  const {
    tree,
    order: { order, blockStart },
  } = boundBlocks(forest, shape, signal, cost);
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

/** The rows of a bound in blocks of falling density; equal densities in the order of their rows. */
export function boundBlocks(forest: Forest, shape: NodeShape, signal: Float64Array, cost: Float64Array): BoundBlocks {
  const tree = joinPairs(forest, shape, signal, cost);
  return { tree, order: densityOrder(tree) };
}

export interface BoundBlocks {
  readonly tree: WeightedTree & { readonly task: Int32Array };
  readonly order: DensityOrder;
}

/** The forest with every open only-child chain as one row: a keep set has all of such a chain or none of it. */
function joinPairs(
  forest: Forest,
  shape: NodeShape,
  signal: Float64Array,
  cost: Float64Array,
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
    if (forest.excluded?.[n] === 1) continue;
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

/** The same for keep sets that hold every pinned node: what pins demand is spent first, the curve is over the rest. */
export interface PinnedBound {
  /** scope -> cost and signal of the pinned nodes, all above them and what pairs add to them; its whole cost */
  readonly cost: Float64Array;
  readonly signal: Float64Array;
  readonly total: Float64Array;
  readonly rest: BoundCurve;
}

/** node -> 1: pinned, above a pinned node, or the only child of such an open node, which takes it along whatever the rule */
export function demandedNodes(forest: Forest, shape: NodeShape, pinned: Uint8Array): Uint8Array {
  const demanded = Uint8Array.from(pinned);
  for (let n = forest.length - 1; n >= 0; n--) if (demanded[n] === 1 && forest.parent[n] !== NONE) demanded[forest.parent[n]] = 1;
  for (let n = 0; n < forest.length; n++) {
    const p = forest.parent[n];
    if (p !== NONE && demanded[p] === 1 && shape.childCount[p] === 1 && !isClosed(forest, p)) demanded[n] = 1;
  }
  return demanded;
}

/** Null where nothing is pinned. O(n log n). @param hasPins of the log, where the forest is a part of one */
export function pinnedBound(
  forest: Forest,
  shape: NodeShape,
  signal: Float64Array,
  cost: Float64Array,
  pinned: Uint8Array,
  scope: Scope,
  hasPins = pinned.includes(1),
): PinnedBound | null {
  if (!hasPins) return null;
  const demanded = demandedNodes(forest, shape, pinned);
  const tasks = nodeTasks(forest);
  const scopes = scope === 'global' ? 1 : forest.treeStart.length - 1;
  const demand = { cost: new Float64Array(scopes), signal: new Float64Array(scopes), total: new Float64Array(scopes) };
  for (let n = 0; n < forest.length; n++) {
    const s = scope === 'global' ? 0 : tasks[n];
    demand.total[s] += cost[n];
    if (demanded[n] === 0) continue;
    demand.cost[s] += cost[n];
    demand.signal[s] += signal[n];
  }
  return { ...demand, rest: boundCurve(forest, shape, withoutNodes(signal, demanded), withoutNodes(cost, demanded), scope) };
}

/** A column with 0 at the nodes of a set. */
export function withoutNodes(column: Float64Array, set: Uint8Array): Float64Array {
  return column.map((value, n) => (set[n] === 1 ? 0 : value));
}

/** The most that any keep set with every pinned node can retain; null where the budget is below what pins demand. */
export function pinnedBoundAt(bound: PinnedBound, share: number): number | null {
  return sumOf(pinnedBounds(bound, share));
}

/** scope -> the same of it; null where its budget is below what its pins demand */
export function pinnedBounds(bound: PinnedBound, share: number): (number | null)[] {
  return Array.from(bound.cost, (cost, s) => {
    const left = budgetOf(share, bound.total[s]) - cost;
    return left < 0 ? null : bound.signal[s] + scopeBound(bound.rest, s, left);
  });
}

/** Null where one of the terms is. */
export function sumOf(terms: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const term of terms) {
    if (term === null) return null;
    sum += term;
  }
  return sum;
}

/** The most signal that any keep set can retain when every scope may spend `share` of its total cost. */
export function boundAt(curve: BoundCurve, share: number): number {
  return bounds(curve, share).reduce((sum, bound) => sum + bound, 0);
}

/** scope -> the same of it */
export function bounds(curve: BoundCurve, share: number): number[] {
  return Array.from({ length: curve.start.length - 1 }, (_, s) =>
    scopeBound(curve, s, budgetOf(share, curve.cost[curve.start[s + 1] - 1])),
  );
}

/** One scope's curve at a budget: whole blocks, then the fraction of the next that still fits. */
function scopeBound(curve: BoundCurve, scope: number, budget: number): number {
  const end = curve.start[scope + 1] - 1;
  const row = lastAtMost(curve.cost, curve.start[scope], end + 1, budget);
  if (row === NONE) return 0;
  if (row === end) return curve.signal[row];
  const part = (budget - curve.cost[row]) / (curve.cost[row + 1] - curve.cost[row]);
  return curve.signal[row] + part * (curve.signal[row + 1] - curve.signal[row]);
}
