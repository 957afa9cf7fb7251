/** Single tokens by worth: the largest carry loss, as many as the budget allows, to the token. */
import { risingBits, sortByKeys } from '../../base/radix-sort.ts';
import { budgetOf } from './cost.ts';
import { rangeOf, slotSet, type SlotColumns } from './slot-set.ts';
import { countBuckets, countTable, type SlotTable } from './slot-table.ts';
import { classesOf } from './token-classes.ts';
import { keptSlots, slotFlags, tokenBits, type TokenLayout } from './token-layout.ts';
import type { TrainPlace, TrainPlan } from './train-method.ts';

/** A tick walks one bucket. */
const MOST_BUCKETS = 256;
const SHORTEST_BUCKET = 256;

/**
 * Pinned tokens first, then by falling worth (NaN last), equals in the order of seeded random bits. O(tokens), once per order.
 * @param pinned node -> 1 = pinned
 */
export function planLargest(layout: TokenLayout, pinned: Uint8Array, { worth, counted: known }: SlotColumns, seed: number): TrainPlan {
  const isPinned = slotFlags(layout, pinned);
  const order = fallingOrder(isPinned, worth, tokenBits(layout, seed));
  const pins = isPinned.reduce((sum, pin) => sum + pin, 0);
  const { table, pinnedBuckets } = bucketsOf(order, pins, known);
  /** slot -> its place in the order */
  const rank = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;

  return {
    pins: { tokens: pins, of: order.length },
    upTo: null,
    choose(cut, sampledTokens, trainShare) {
      const budget = budgetOf(trainShare, sampledTokens);
      const kept = keptSlots(layout, cut);
      const counted = countBuckets(table, kept);
      const wanted = Math.floor(budget);
      let tokens = 0;
      let signal = 0;
      let b = 0;
      for (; b < counted.counts.length && tokens + counted.counts[b] <= wanted; b++) {
        tokens += counted.counts[b];
        signal += counted.sums[b];
      }
      let end = table.edges[b];
      for (; tokens < wanted && end < order.length; end++) {
        if (!kept.isKept(order[end])) continue;
        tokens++;
        signal += known[order[end]];
      }
      let last = end - 1;
      while (last >= 0 && !kept.isKept(order[last])) last--;
      const demanded = classesOf(counted, pinnedBuckets).pinned;
      const threshold = tokens > 0 && tokens < sampledTokens && !Number.isNaN(worth[order[last]]) ? worth[order[last]] : null;
      const placeAt = (first: number, to: number): TrainPlace => ({
        by: 'worth',
        ...rangeOf(first, to, (slot) => worth[slot]),
        threshold,
        pinned: isPinned[first] === 1,
      });
      return {
        ...slotSet(layout, kept, (slot) => (rank[slot] < end ? 1 : 0), placeAt),
        tokens,
        signal: tokens >= sampledTokens ? cut.signal : signal,
        expected: tokens,
        budget,
        threshold,
        pinsUnmet: demanded > budget ? { pinned: demanded, budget } : null,
      };
    },
  };
}

function fallingOrder(isPinned: Uint8Array, worth: Float32Array<ArrayBuffer>, bits: Uint32Array): Int32Array<ArrayBuffer> {
  const falling = risingBits(worth.map((value) => (Number.isNaN(value) ? -Infinity : value)));
  const last = new Uint32Array(worth.length);
  let order = new Int32Array(worth.length);
  for (let slot = 0; slot < worth.length; slot++) {
    falling[slot] = ~falling[slot];
    last[slot] = 1 - isPinned[slot];
    order[slot] = slot;
  }
  order = sortByKeys(order, bits);
  order = sortByKeys(order, falling);
  return sortByKeys(order, last);
}

/** Runs of the order, none of which holds pinned tokens and others. */
function bucketsOf(order: Int32Array, pins: number, known: Float32Array): { table: SlotTable; pinnedBuckets: number } {
  const width = Math.max(SHORTEST_BUCKET, Math.ceil(order.length / MOST_BUCKETS));
  const edges: number[] = [];
  for (let at = 0; at < pins; at += width) edges.push(at);
  const pinnedBuckets = edges.length;
  for (let at = pins; at < order.length; at += width) edges.push(at);
  const bucket = new Uint16Array(order.length);
  for (let b = 0; b < edges.length; b++) for (let i = edges[b]; i < (edges[b + 1] ?? order.length); i++) bucket[order[i]] = b;
  return { table: countTable(order, Int32Array.from([...edges, order.length]), bucket, known), pinnedBuckets };
}
