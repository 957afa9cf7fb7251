/** A record as columns by token: what profiles of token ids are made from. */
import type { Forest } from '../model/forest.ts';
import { pathTo } from '../tree/navigate.ts';
import { pathWeights, type BranchPlan, type Convention } from './branches.ts';

/** Columns of one length: a row for each token of the record's path. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** Loss weight, 0: none. */
  readonly weight: Float64Array;
  /** Where the token stands in the forest's `edgeTokens`; NONE where it does not come from there. */
  readonly edge: Int32Array;
}

/** O(tokens). @param divisor K of the record's task. @returns null where no token of it carries loss */
export function tokenRow(forest: Forest, plan: BranchPlan, convention: Convention, divisor: number, record: number): TokenRow | null {
  const path = pathTo(forest, plan.end[record]);
  const weights = pathWeights(plan, convention, divisor, record, path);
  const ids = new Int32Array(plan.tokenCount[record]);
  const weight = new Float64Array(ids.length);
  const edge = new Int32Array(ids.length);
  for (const [level, n] of path.entries()) {
    const [first, end] = [forest.edgeStart[n], forest.edgeStart[n + 1]];
    ids.set(forest.edgeTokens.subarray(first, end), forest.depth[n]);
    for (let i = first; i < end; i++) {
      weight[forest.depth[n] + i - first] = weights[level] * (plan.factors?.[i] ?? 1);
      edge[forest.depth[n] + i - first] = i;
    }
  }
  return weight.some((value) => value > 0) ? { ids, weight, edge } : null;
}
