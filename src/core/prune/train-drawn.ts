/**
 * Single tokens drawn without bias: each with a probability π in proportion to what it is worth, at most 1, and its
 * coefficient divided by π, so that the mean of its weight over all seeds is its coefficient (Horvitz & Thompson 1952).
 */
import { collocate, type RandomBits } from './collocated.ts';
import { budgetOf } from './cost.ts';
import { levelsOf, type Levels } from './levels.ts';
import { scaleFor } from './scale.ts';
import { bucketSlots, bucketTable, countBuckets, type SlotTable } from './slot-table.ts';
import { rangeOf, slotSet, type SlotColumns } from './slot-set.ts';
import { classesOf } from './token-classes.ts';
import { keptSlots, slotFlags, type KeptSlots, type TokenLayout } from './token-layout.ts';
import type { TrainPlace, TrainPlan } from './train-method.ts';

/** Levels per octave, as powers of two: of scores where tokens are spread over strata, and of what is looked up at a tick. */
const STRATA_BITS = 3;
const TICK_BITS = 6;
/** No score is so much less than the largest; keys that are so much less than the largest are few. */
const SCORE_OCTAVES = 64;
const KEY_OCTAVES = 16;
/** Numbers that `collocate` gives are in units of 2^-32. */
const UNIT = 2 ** 32;
/** float32 rounds a key by less than this share of it. */
const ROUNDING = 1e-6;

/**
 * A token is drawn where its number u is below π = min(1, λ·score). Its u and score do not depend on the budget and λ grows
 * with it, so what is drawn at one budget is drawn at every larger one, except from where pins fit on: they then have π = 1
 * and λ is that of the others. Below, pins count for nothing [ours]: what they took would be missing where weights are
 * largest. O(tokens), once per order.
 * @param pinned node -> 1 = pinned
 * @param floor least score, as a share of the mean worth of all sampled tokens: it keeps weights bounded
 */
export function planDrawn(
  layout: TokenLayout,
  pinned: Uint8Array,
  { worth, counted: known }: SlotColumns,
  floor: number,
  random: RandomBits,
): TrainPlan {
  const isPinned = slotFlags(layout, pinned);
  const pins = isPinned.reduce((sum, pin) => sum + pin, 0);
  const score = scoresOf(worth, floor);
  const strata = levelsOf(score, isPinned, STRATA_BITS, SCORE_OCTAVES);
  const { order } = bucketSlots(strata.bucket, 2 * strata.count);
  const numbers = collocate(order, Int32Array.of(0, pins, worth.length), random);
  const scores = levelsOf(score, isPinned, TICK_BITS, SCORE_OCTAVES);
  const scoreTable = bucketTable(scores.bucket, 2 * scores.count, score);
  // The λ from which on a token is drawn.
  const keys = levelsOf(
    score.map((value, slot) => numbers[slot] / UNIT / value),
    isPinned,
    TICK_BITS,
    KEY_OCTAVES,
  );
  const keyTable = bucketTable(keys.bucket, 2 * keys.count, known);

  return {
    pins: { tokens: pins, of: worth.length },
    upTo: null,
    choose(cut, sampledTokens, trainShare) {
      const budget = budgetOf(trainShare, sampledTokens);
      const kept = keptSlots(layout, cut);
      const counted = countBuckets(scoreTable, kept);
      const classes = classesOf(counted, scores.count);
      // No weight can make up for a token that is never drawn, so pins must leave something to the others.
      const forPins = classes.others === 0 ? budget : (1 - floor) * budget;
      const isMet = budget >= sampledTokens || classes.pinned <= forPins;
      const scaleOf = (first: readonly number[], tokens: number): number =>
        budget >= sampledTokens ? Infinity : scaleFor(scoreTable, counted, kept, first, scores.edges, tokens);
      const others = isMet ? scaleOf([scores.count], budget - classes.pinned) : scaleOf([0, scores.count], budget);
      const scale = [others, isMet && budget > 0 ? Infinity : others];
      const probability = (slot: number): number => Math.min(1, scale[isPinned[slot]] * score[slot]);
      const isDrawn = (slot: number): boolean => numbers[slot] < probability(slot) * UNIT;
      const drawn = countDrawn(keyTable, keys, kept, scale, isDrawn, known);
      const placeAt = (first: number, end: number): TrainPlace => ({
        by: 'draw',
        ...rangeOf(first, end, probability),
        pinned: isMet && isPinned[first] === 1,
      });
      return {
        ...slotSet(layout, kept, (slot) => (isDrawn(slot) ? 1 / probability(slot) : 0), placeAt),
        tokens: drawn.tokens,
        signal: drawn.tokens >= sampledTokens ? cut.signal : drawn.signal,
        expected: Math.min(budget, sampledTokens),
        budget,
        threshold: budget > 0 && budget < sampledTokens ? others : null,
        pinsUnmet: isMet ? null : { pinned: classes.pinned, budget: forPins },
      };
    },
  };
}

/** Worth over its mean, with the floor; the same for all where none is worth anything. NaN is worth nothing. */
function scoresOf(worth: Float32Array<ArrayBuffer>, floor: number): Float32Array<ArrayBuffer> {
  let sum = 0;
  for (let slot = 0; slot < worth.length; slot++) if (worth[slot] > 0) sum += worth[slot];
  const mean = sum / worth.length;
  return worth.map((value) => (sum > 0 ? Math.max(value > 0 ? value / mean : 0, floor) : 1));
}

/** Kept slots that are drawn, and their signal. Only those whose key is near the scale of their class are asked. */
function countDrawn(
  table: SlotTable,
  { count, edges }: Levels,
  kept: KeptSlots,
  scale: readonly number[],
  isDrawn: (slot: number) => boolean,
  known: Float32Array,
): { readonly tokens: number; readonly signal: number } {
  const { counts, sums } = countBuckets(table, kept);
  const drawn = { tokens: 0, signal: 0 };
  for (let bucket = 0; bucket < 2 * count; bucket++) {
    const own = scale[bucket < count ? 1 : 0];
    const level = bucket % count;
    if (edges[level + 1] <= own * (1 - ROUNDING)) {
      drawn.tokens += counts[bucket];
      drawn.signal += sums[bucket];
    } else if (level === 0 || edges[level] <= own * (1 + ROUNDING)) {
      for (let i = table.edges[bucket]; i < table.edges[bucket + 1] && table.order[i] < kept.end; i++) {
        if (!kept.isKept(table.order[i]) || !isDrawn(table.order[i])) continue;
        drawn.tokens++;
        drawn.signal += known[table.order[i]];
      }
    }
  }
  return drawn;
}
