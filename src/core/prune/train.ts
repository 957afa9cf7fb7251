/** The train target: which sampled nodes of the keep set carry loss. The others stay as context with weight 0. */

import { nodeTasks, tokenCounts } from './problem.ts';
import type { PruneProblem } from './problem.ts';
import { budgetOf } from './cost.ts';
import type { Cut } from './cut.ts';
import type { PruneOrder } from './order.ts';
import type { Protections } from './protection.ts';
import { protectNodes } from './protection.ts';
import type { TrainPlace } from './train-method.ts';
import { branchOf, spread } from './spread.ts';

/** Sampled nodes in the order in which they are chosen to carry loss. */
export interface TrainOrder {
  readonly nodes: Int32Array;
  /** Entries at the front that are pinned. */
  readonly pinned: number;
  readonly protections: Protections;
  /** node -> tokens */
  readonly tokens: Float64Array;
  /** node -> task */
  readonly task: Int32Array;
  /** node -> what the order is by: signal per token with favours, and of equals the share of its task before it */
  readonly density: Float64Array;
  readonly share: Uint32Array;
}

/**
 * Pins of `rule.trainProtect` first, then the rest; within both by signal per token with favours, ties spread over tasks
 * and branches.
 * Memory events that only the environment wrote are not sampled and hence not in it. O(n log n), once per rule.
 */
export function planTrainOrder(problem: PruneProblem): TrainOrder {
  const { forest, rule, signal } = problem;
  const protections = protectNodes(forest, rule.trainProtect, rule.hand, 'nodes', problem.acts);
  const tokens = tokenCounts(forest);
  const density = new Float64Array(forest.length);
  let count = 0;
  const nodes = new Int32Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    density[n] = (signal[n] * protections.factor[n]) / tokens[n];
    nodes[count++] = n;
  }
  const { pinned } = protections;
  const task = nodeTasks(forest);
  const place = new Int32Array(forest.length);
  const sampled = nodes.slice(0, count);
  const { places, share: shares } = spread(forest, {
    task: sampled.map((n) => task[n]),
    path: sampled.map((n) => branchOf(forest, n)),
    weight: Float64Array.from(sampled, (n) => tokens[n]),
    node: sampled,
    along: 'names',
  });
  const share = new Uint32Array(forest.length);
  for (let i = 0; i < count; i++) {
    place[sampled[i]] = places[i];
    share[sampled[i]] = shares[i];
  }
  const sorted = sampled.sort((a, b) => pinned[b] - pinned[a] || density[b] - density[a] || place[a] - place[b]);
  let pins = 0;
  while (pins < count && pinned[sorted[pins]] === 1) pins++;
  return { nodes: sorted, pinned: pins, protections, tokens, task, density, share };
}

/** The train order laid out for ticks: row i is its i-th node, so that a tick reads columns from front to back. */
export interface TrainTicks {
  /** row -> rank of its node in the prune order, its tokens, its task */
  readonly rank: Int32Array;
  readonly tokens: Int32Array;
  readonly task: Int32Array;
  /** node -> row; the number of rows for nodes that are not sampled */
  readonly row: Int32Array;
  /** Signal of its node as far as it is known. */
  readonly signal: Float64Array;
  /** Rows at the front that are pinned. */
  readonly pinned: number;
}

/** Where the train set ends: it is the kept nodes of the rows before `end`. */
export interface TrainEnd {
  readonly end: number;
  /** Tokens that carry loss, each counted once. */
  readonly tokens: number;
  /** Their signal. */
  readonly signal: number;
  readonly budget: number;
  /** Sampled tokens of pinned nodes in the cut, where they exceed `budget`; else null. */
  readonly pinsUnmet: number | null;
}

/** O(nodes), once per rule. @param counted node -> signal as far as it is known */
export function layTicks(train: TrainOrder, order: PruneOrder, counted: Float64Array): TrainTicks {
  const { nodes } = train;
  const row = new Int32Array(order.rank.length).fill(nodes.length);
  for (let i = 0; i < nodes.length; i++) row[nodes[i]] = i;
  return {
    row,
    pinned: train.pinned,
    rank: nodes.map((n) => order.rank[n]),
    tokens: nodes.map((n) => train.tokens[n]),
    task: nodes.map((n) => train.task[n]),
    signal: Float64Array.from(nodes, (n) => counted[n]),
  };
}

/** Sampled tokens that pins demand where nothing is cut, out of all sampled tokens; each counted once. */
export function trainPins({ tokens, pinned }: TrainTicks): { readonly tokens: number; readonly of: number } {
  const sum = (column: Int32Array): number => column.reduce((all, count) => all + count, 0);
  return { tokens: sum(tokens.subarray(0, pinned)), of: sum(tokens) };
}

/**
 * Whole nodes of the cut in train order, up to the first that exceeds `trainShare` of its sampled tokens: at once at
 * 100 %, else one pass over the rows before it.
 * @param kept sampled tokens in the cut, and the signal that it keeps
 */
export function trainEnd(
  ticks: TrainTicks,
  cut: Cut,
  kept: { readonly tokens: number; readonly signal: number },
  trainShare: number,
): TrainEnd {
  const { rank, tokens, task, pinned } = ticks;
  if (!(trainShare >= 0 && trainShare <= 1)) throw new Error(`train share: expected a number from 0 to 1, found ${trainShare}`);
  const budget = budgetOf(trainShare, kept.tokens);
  if (budget >= kept.tokens) return { end: rank.length, ...kept, budget, pinsUnmet: null };
  let sum = 0;
  let signal = 0;
  let end = 0;
  for (; end < rank.length; end++) {
    if (rank[end] >= cut.limit[task[end]]) continue;
    if (sum + tokens[end] > budget) break;
    sum += tokens[end];
    signal += ticks.signal[end];
  }
  if (end >= pinned) return { end, tokens: sum, signal, budget, pinsUnmet: null };
  let demanded = sum;
  for (let i = end; i < pinned; i++) if (rank[i] < cut.limit[task[i]]) demanded += tokens[i];
  return { end, tokens: sum, signal, budget, pinsUnmet: demanded };
}

/** The kept nodes of the rows before `end`. */
export function trainedBefore(
  { rank, task, tokens, signal }: TrainTicks,
  cut: Cut,
  end: number,
): Pick<TrainEnd, 'end' | 'tokens' | 'signal'> {
  const sum = { end: Math.min(end, rank.length), tokens: 0, signal: 0 };
  for (let i = 0; i < sum.end; i++) {
    if (rank[i] >= cut.limit[task[i]]) continue;
    sum.tokens += tokens[i];
    sum.signal += signal[i];
  }
  return sum;
}

/** Where row `row`, of a node that the cut keeps, stands among the rows of the nodes that it keeps. O(rows). */
export function placeInTicks({ rank, task, pinned }: TrainTicks, cut: Cut, row: number, end: number): TrainPlace {
  const place = { rank: 0, reach: 0, of: 0 };
  for (let i = 0; i < rank.length; i++) {
    if (rank[i] >= cut.limit[task[i]]) continue;
    place.of++;
    if (i < end) place.reach++;
    if (i <= row) place.rank++;
  }
  return { by: 'rank', ...place, pinned: row < pinned };
}
