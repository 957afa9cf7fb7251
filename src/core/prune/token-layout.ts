/**
 * Sampled tokens by when a rising cut budget keeps their node: those of a cut are the first ones. Each has a slot here, from
 * which everything that chooses single tokens counts.
 */
import { mix32 } from '../../base/hash.ts';
import { sortByKeys } from '../../base/radix-sort.ts';
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import type { Cut } from './cut.ts';
import type { PruneOrder } from './order.ts';
import { nodeTasks } from './problem.ts';

export interface TokenLayout {
  readonly forest: Forest;
  readonly order: PruneOrder;
  /** place -> sampled node, by when it is kept; of those kept together, by node key, so that no row number decides */
  readonly nodes: Int32Array<ArrayBuffer>;
  /** place -> its first slot: the node's tokens have slots [start[p], start[p + 1]) */
  readonly start: Int32Array<ArrayBuffer>;
  /** place -> rank of its group; where each task has its own budget, the share of its task's cost at which it is kept */
  readonly entry: Float64Array;
  /** node -> place, or NONE where it is not sampled */
  readonly placeOf: Int32Array;
  /** node -> task */
  readonly task: Int32Array;
}

/** Which slots a cut keeps: all below `sure`, none from `end` on, and of those between the ones whose node it keeps. */
export interface KeptSlots {
  readonly sure: number;
  readonly end: number;
  readonly isKept: (slot: number) => boolean;
}

/** Shares computed in two ways differ by less than this. */
const ROUNDING = 1e-9;

/** O(sampled nodes + tokens), once per order. */
export function layTokens(forest: Forest, order: PruneOrder): TokenLayout {
  const task = nodeTasks(forest);
  const entry = new Float64Array(forest.length);
  const sampled: number[] = [];
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    sampled.push(n);
    entry[n] = order.scope === 'global' ? order.rank[n] : keptFrom(order, task[n], order.rank[n]);
  }
  const nodes = sortByEntry(forest, Int32Array.from(sampled), entry);
  const start = new Int32Array(nodes.length + 1);
  const placeOf = new Int32Array(forest.length).fill(NONE);
  for (let p = 0; p < nodes.length; p++) {
    start[p + 1] = start[p] + forest.edgeStart[nodes[p] + 1] - forest.edgeStart[nodes[p]];
    placeOf[nodes[p]] = p;
  }
  return { forest, order, nodes, start, entry: Float64Array.from(nodes, (n) => entry[n]), placeOf, task };
}

/** Share of a task's own cost at which a group of it is kept whole. */
function keptFrom(order: PruneOrder, task: number, rank: number): number {
  const total = order.cost[order.start[task + 1] - 1];
  return total > 0 ? order.cost[order.start[task] + rank + 1] / total : 0;
}

function sortByEntry(forest: Forest, nodes: Int32Array<ArrayBuffer>, entry: Float64Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const column = (words: Uint32Array, at: number): Uint32Array => Uint32Array.from(entry, (_, n) => words[2 * n + at]);
  // The halves of a number ≥ 0 rise with it.
  const halves = new Uint32Array(entry.buffer);
  const isLittle = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
  let sorted = sortByKeys(nodes, column(forest.keys, 1));
  sorted = sortByKeys(sorted, column(forest.keys, 0));
  sorted = sortByKeys(sorted, column(halves, 1 - isLittle));
  return sortByKeys(sorted, column(halves, isLittle));
}

/** The slots of a cut. O(log nodes), and a pass over the nodes that are kept at just this share where each task has its own budget. */
export function keptSlots({ order, nodes, start, entry, task }: TokenLayout, cut: Cut): KeptSlots {
  const isNodeKept = (p: number): boolean => order.rank[nodes[p]] < cut.limit[task[nodes[p]]];
  let from: number;
  let to: number;
  if (order.scope === 'global') from = to = firstFrom(entry, cut.limit[0] ?? 0);
  else {
    from = firstFrom(entry, cut.share - ROUNDING);
    to = firstFrom(entry, cut.share + ROUNDING);
    while (from < to && isNodeKept(from)) from++;
    while (to > from && !isNodeKept(to - 1)) to--;
  }
  const sure = start[from];
  return { sure, end: start[to], isKept: (slot) => slot < sure || (slot < start[to] && isNodeKept(placeOfSlot(start, slot))) };
}

/** First place whose entry is at least `limit`. */
function firstFrom(entry: Float64Array, limit: number): number {
  let low = 0;
  let high = entry.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entry[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place whose node has that slot. */
function placeOfSlot(start: Int32Array, slot: number): number {
  let low = 0;
  let high = start.length - 1;
  // start[low] <= slot < start[high]
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (start[middle] <= slot) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * slot -> 32 random bits from the seed, the node's key and the token's position in the node: the same in whatever order
 * files are read.
 */
export function tokenBits({ forest, nodes, start }: TokenLayout, seed: number): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(start[nodes.length]);
  const seeded = seedBits(seed);
  for (let p = 0; p < nodes.length; p++) {
    const node = mix32(mix32(seeded ^ forest.keys[2 * nodes[p]]) + forest.keys[2 * nodes[p] + 1]);
    for (let slot = start[p], at = 1; slot < start[p + 1]; slot++, at++) bits[slot] = mix32(node + Math.imul(at, 0x9e3779b9));
  }
  return bits;
}

/** 32 random bits of a seed, any safe integer. */
export function seedBits(seed: number): number {
  return mix32(mix32((seed | 0) + 0x5bd1e995) ^ Math.floor(seed / 0x1_0000_0000));
}

/** slot -> the flag of its node */
export function slotFlags({ nodes, start }: TokenLayout, flags: Uint8Array): Uint8Array {
  const out = new Uint8Array(start[nodes.length]);
  for (let p = 0; p < nodes.length; p++) out.fill(flags[nodes[p]], start[p], start[p + 1]);
  return out;
}
