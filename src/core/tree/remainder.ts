/**
 * What freezing would lose of a builder: with it, a frozen tree can be turned back into a builder's, exactly, and grow.
 *
 * Builders themselves are not kept after the last freeze: they take about as much memory as the forest. What only they know
 * is little, because it is of two sorts of node alone: of nodes on whose kind trajectories disagree, the votes; of nodes in
 * which a token has values of two trajectories or more, the sums. (A lone value is its own mean.) Prompts and tool results,
 * which make up most of what is shared, have neither. Measured on a generated log of 121 rollouts in 8 tasks, which is hard on it
 * because they fork within sampled text (424,000 distinct tokens with entropy, log-probs and advantages): builders 16.2 MB,
 * forest 6.9 MB, remainder 2.4 MB.
 */
import { CHANNELS } from '../model/batch.ts';
import type { TokenChannels } from '../model/forest.ts';
import { KINDS, NONE } from '../model/kinds.ts';
import { makeGrowable, push, pushRun, trimmed } from '../../base/growable.ts';
import type { ForestBuilder } from './build.ts';

type Int32 = Int32Array<ArrayBuffer>;

export interface Remainder {
  /** Nodes with votes, ascending, and of each KINDS.length counts of trajectories. */
  readonly votesNode: Int32;
  readonly votes: Int32;
  /** Nodes with sums, ascending; those of the k-th are entries [sumsStart[k], sumsStart[k + 1]), one per token of its run. */
  readonly sumsNode: Int32;
  readonly sumsStart: Int32;
  /** channel -> entry -> sum and number of values; null where the forest has no such channel */
  readonly sum: readonly (Float64Array<ArrayBuffer> | null)[];
  readonly count: readonly (Int32 | null)[];
  /** entry -> sum of squared surprisal; null without surprisal */
  readonly square: Float64Array<ArrayBuffer> | null;
}

export const SURPRISAL = CHANNELS.indexOf('surprisal');

/** @param builderNode frozen node -> node of the builder. @param channels of the forest frozen from it */
export function makeRemainder({ nodes, sums }: ForestBuilder, builderNode: Int32Array, channels: TokenChannels): Remainder {
  const votesNode = makeGrowable(Int32Array);
  const votes = makeGrowable(Int32Array);
  const sumsNode = makeGrowable(Int32Array);
  const sumsStart = makeGrowable(Int32Array);
  push(sumsStart, 0);
  for (let n = 0; n < builderNode.length; n++) {
    const node = builderNode[n];
    const row = nodes.votesRow[node];
    if (row !== NONE) {
      push(votesNode, n);
      pushRun(votes, nodes.votes.data, row, row + KINDS.length);
    }
    const block = nodes.block[node];
    if (block === NONE || !sums.count.some((count) => count !== null && anyShared(count, block, nodes.run[node]))) continue;
    push(sumsNode, n);
    push(sumsStart, sumsStart.data[sumsStart.length - 1] + nodes.run[node]);
  }
  const start = trimmed(sumsStart);
  const entries = start[start.length - 1];
  const sum = CHANNELS.map((channel) => (channels[channel] === null ? null : new Float64Array(entries)));
  const count = CHANNELS.map((channel) => (channels[channel] === null ? null : new Int32Array(entries)));
  const square = channels.surprisal === null ? null : new Float64Array(entries);
  for (let k = 0; k < sumsNode.length; k++) {
    const from = nodes.block[builderNode[sumsNode.data[k]]];
    const to = from + start[k + 1] - start[k];
    for (let c = 0; c < CHANNELS.length; c++) {
      if (sums.sum[c] !== null) sum[c]?.set(sums.sum[c]!.subarray(from, to), start[k]);
      if (sums.count[c] !== null) count[c]?.set(sums.count[c]!.subarray(from, to), start[k]);
    }
    if (sums.square !== null) square?.set(sums.square.subarray(from, to), start[k]);
  }
  return { votesNode: trimmed(votesNode), votes: trimmed(votes), sumsNode: trimmed(sumsNode), sumsStart: start, sum, count, square };
}

function anyShared(count: Int32Array, block: number, run: number): boolean {
  const end = Math.min(block + run, count.length);
  for (let i = block; i < end; i++) if (count[i] > 1) return true;
  return false;
}

/** First place in an ascending column whose value is `value` or more. */
export function firstFrom(column: Int32Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
