/** What the forest knows of a record's tokens besides ids and weights, by token. */
import { NONE } from '../../core/model/kinds.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { TokenRow } from '../../core/export/token-row.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import { recordAdvantages } from './plan.ts';
import type { PlannedExport } from './planned.ts';

export interface RowValues {
  /** Of each token the mean advantage of those that carry loss there: 0 where nobody sampled it, NaN where unknown. */
  advantage(row: TokenRow): Float64Array;
  /** Of each token the log-probability for the policy that sampled it, as logged: 0 where nobody did, NaN where unknown. */
  logprob(row: TokenRow): Float32Array;
  /** Of each token 1: that trajectory, the record's own, sampled it. */
  sampled(row: TokenRow, trajectory: number): Uint8Array;
}

/** To be made once for an export: O(nodes). */
export function rowValues(planned: PlannedExport): RowValues {
  const { forest } = planned.ruling.problem;
  const { sampledCount } = forest;
  const { surprisal } = forest.channels;
  const advantages = recordAdvantages(planned);
  return {
    advantage(row) {
      const values = new Float64Array(row.edge.length);
      eachNode(forest, row, (n, i) => (values[i] = (sampledCount[n] ?? 0) > 0 ? (advantages[n] ?? NaN) : 0));
      return values;
    },
    logprob(row) {
      const values = new Float32Array(row.edge.length);
      eachNode(forest, row, (n, i) => (values[i] = (sampledCount[n] ?? 0) > 0 ? 0 - (surprisal?.[row.edge[i] ?? 0] ?? NaN) : 0));
      return values;
    },
    sampled(row, trajectory) {
      const values = new Uint8Array(row.edge.length);
      eachNode(forest, row, (n, i) => (values[i] = hasSampled(forest, trajectory, n) ? 1 : 0));
      return values;
    },
  };
}

/** Tokens of a row that the forest has, each with its node. */
function eachNode({ edgeStart, length }: Forest, { edge }: TokenRow, take: (node: number, i: number) => void): void {
  let node = NONE;
  for (const [i, at] of edge.entries()) {
    if (at === NONE) continue;
    if (node === NONE || at < (edgeStart[node] ?? 0) || at >= (edgeStart[node + 1] ?? 0)) node = nodeOf(edgeStart, length, at);
    take(node, i);
  }
}

function nodeOf(edgeStart: Int32Array, length: number, at: number): number {
  let low = 0;
  let high = length;
  // edgeStart[low] <= at < edgeStart[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edgeStart[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
}
