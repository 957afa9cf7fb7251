/** A record as columns by token: what profiles of token ids are made from. */
import type { Forest } from '../model/forest.ts';
import { pathTo } from '../tree/navigate.ts';
import { hasSampled } from '../tree/sampled.ts';
import { pathWeights, type BranchPlan, type Convention } from './branches.ts';

/** All columns are of one length; position i is the token at `start + i` of the record's path. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** position -> loss weight, 0: none */
  readonly weight: Float64Array;
  /** position -> 1: the record's trajectory sampled it */
  readonly sampled: Uint8Array;
  /** position -> node */
  readonly node: Int32Array;
  /** position -> its place in the forest's columns of edge tokens */
  readonly edge: Int32Array;
}

/** A part of a record: tokens [start, end) of its path, with loss from `lossFrom` on. */
export interface RowSpan {
  readonly record: number;
  readonly start: number;
  readonly end: number;
  readonly lossFrom: number;
}

/** O(tokens). @param divisor K of the record's task. @returns null where no token of it carries loss */
export function tokenRow(
  forest: Forest,
  plan: BranchPlan,
  convention: Convention,
  divisor: number,
  { record, start, end, lossFrom }: RowSpan,
): TokenRow | null {
  const path = pathTo(forest, plan.end[record]);
  const weights = pathWeights(plan, convention, divisor, record, path);
  const length = end - start;
  const row = {
    ids: new Int32Array(length),
    weight: new Float64Array(length),
    sampled: new Uint8Array(length),
    node: new Int32Array(length),
    edge: new Int32Array(length),
  };
  let hasLoss = false;
  for (const [level, n] of path.entries()) {
    const sampled = hasSampled(forest, plan.trajectory[record], n) ? 1 : 0;
    const first = forest.edgeStart[n];
    const from = Math.max(start, forest.depth[n]);
    const to = Math.min(end, forest.depth[n] + forest.edgeStart[n + 1] - first);
    for (let position = from; position < to; position++) {
      const i = position - start;
      const edge = first + position - forest.depth[n];
      row.ids[i] = forest.edgeTokens[edge];
      row.sampled[i] = sampled;
      row.node[i] = n;
      row.edge[i] = edge;
      const weight = position < lossFrom ? 0 : weights[level] * (plan.factors?.[edge] ?? 1);
      row.weight[i] = weight;
      hasLoss ||= weight > 0;
    }
  }
  return hasLoss ? row : null;
}
