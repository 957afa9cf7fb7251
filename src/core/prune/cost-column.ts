/** The costs of an order's groups as a compact column, so that whoever has it finds the cut of every budget by itself. */
import { budgetOf } from './cost.ts';
import type { PruneOrder } from './order.ts';
import { lastAtMost } from './search.ts';

/**
 * Costs of the groups of one scope, in the order in which they are taken. `steps`: of each group, in the narrowest type that
 * holds them, where all are whole numbers, whose sums are exact; else the sums themselves, which other steps would not give.
 */
export type CostColumn = {
  /** Groups that may be kept at all, see `PruneOrder.useful` */
  readonly useful: number;
} & (
  | { readonly steps: Uint8Array | Uint16Array | Uint32Array }
  /** row -> cost of the first k groups, as in `PruneOrder.cost` */
  | { readonly sums: Float64Array }
);

/** The same, summed. */
export interface CostSums {
  readonly useful: number;
  readonly sums: Float64Array;
}

/** Of the scope that task belongs to. O(groups). */
export function costColumn(order: PruneOrder, task: number): CostColumn {
  const scope = order.scope === 'global' ? 0 : task;
  const sums = order.cost.slice(order.start[scope], order.start[scope + 1]);
  const useful = order.useful[scope];
  let most = 0;
  for (let row = 1; row < sums.length; row++) {
    const step = sums[row] - sums[row - 1];
    if (!Number.isSafeInteger(step) || step < 0 || step >= 2 ** 32 || !Number.isSafeInteger(sums[row])) return { useful, sums };
    if (step > most) most = step;
  }
  const length = Math.max(0, sums.length - 1);
  const steps = most < 2 ** 8 ? new Uint8Array(length) : most < 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
  for (let row = 1; row < sums.length; row++) steps[row - 1] = sums[row] - sums[row - 1];
  return { useful, steps };
}

/** Prefix sums again: row -> cost of the first k groups. O(groups). */
export function costSums(column: CostColumn): CostSums {
  if ('sums' in column) return column;
  const sums = new Float64Array(column.steps.length + 1);
  for (let i = 0; i < column.steps.length; i++) sums[i + 1] = sums[i] + column.steps[i];
  return { useful: column.useful, sums };
}

/** Groups kept at a share (0..1) of the total: kept(n) = rank[n] < this. `cutAt` says the same. O(log groups). */
export function cutRankAt({ sums, useful }: CostSums, share: number): number {
  if (sums.length === 0) return 0;
  return Math.max(0, lastAtMost(sums, 0, useful + 1, budgetOf(share, sums[sums.length - 1])));
}
