/** A record as columns by token: what profiles of token ids are made from. */
import type { Forest } from '../model/forest.ts';
import { pathWeights, shownPath, type BranchPlan, type Convention } from './branches.ts';

/** Columns of one length: a row for each token that the record shows. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** Loss weight, 0: none. */
  readonly weight: Float64Array;
  /** Where the token stands in the forest's `edgeTokens`; NONE where it does not come from there. */
  readonly edge: Int32Array;
}

/** O(tokens). @param divisor K of the record's task. @returns null where no token of it carries loss */
export function tokenRow(forest: Forest, plan: BranchPlan, convention: Convention, divisor: number, record: number): TokenRow | null {
  const shown = shownPath(forest, plan, record);
  const weights = pathWeights(plan, convention, divisor, record, shown);
  const ids = new Int32Array(plan.tokenCount[record]);
  const weight = new Float64Array(ids.length);
  const edge = new Int32Array(ids.length);
  let at = 0;
  for (const [level, n] of shown.nodes.entries()) {
    const [first, end] = [forest.edgeStart[n], forest.edgeStart[n + 1]];
    ids.set(forest.edgeTokens.subarray(first, end), at);
    for (let i = first; i < end; i++, at++) {
      weight[at] = weights[level] * (plan.tokenFactors?.[i] ?? 1);
      edge[at] = i;
    }
  }
  return weight.some((value) => value > 0) ? { ids, weight, edge } : null;
}
