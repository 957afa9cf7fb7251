/**
 * Two lists side by side: pairs of entries in the order of both, so that the cost of what is not equal is least. In linear space by
 * Hirschberg's division (1975); blocks of up to `BLOCK` cells by the textbook table. Costs [ours]:
 *
 *   equal identity                                        0
 *   one group (a tool), and J ≥ 3/8                       2 + 14·(1 − J), rounded; J: similarity of their words, from sketches
 *   an entry without partner                              10
 *   all others                                            never paired
 */
import { NONE } from '../model/kinds.ts';
import { SKETCH_BITS, type Sketches } from './sketch.ts';

export const ALONE = 10;
const NEAR = 2;
const FAR = 14;
const LEAST_SIMILAR = 3 / 8;
/** More than two entries without partner: such a pair is never made. */
const NEVER = 2 * ALONE + 1;

/** Entries as columns of one length. */
export interface AlignedList {
  readonly length: number;
  /** Equal numbers are equal entries. */
  readonly identity: Int32Array;
  /** Only entries of one group are nearly equal; NONE: to none. */
  readonly group: Int32Array;
  readonly sketches: Sketches;
}

/** Pairs in order; NONE in place of a partner. */
export interface Alignment {
  readonly left: Int32Array<ArrayBuffer>;
  readonly right: Int32Array<ArrayBuffer>;
  readonly cost: number;
}

/** bits in which two sketches differ -> cost of the pair */
const NEAR_COST = Int32Array.from({ length: SKETCH_BITS + 1 }, (_, bits) => {
  const similarity = 1 - (2 * bits) / SKETCH_BITS;
  return similarity < LEAST_SIMILAR ? NEVER : NEAR + Math.round(FAR * (1 - similarity));
});

/** What the pair costs; more than two entries without partner where it is never made. */
export function pairCost(a: AlignedList, i: number, b: AlignedList, j: number): number {
  if (a.identity[i] === b.identity[j]) return 0;
  if (a.group[i] === NONE || a.group[i] !== b.group[j]) return NEVER;
  return NEAR_COST[bitsOf(a.sketches.low[i] ^ b.sketches.low[j], a.sketches.high[i] ^ b.sketches.high[j])];
}

/** Bits of two words together: in pairs, fours and bytes of each, then summed by a multiplication. */
function bitsOf(low: number, high: number): number {
  const lowPairs = low - ((low >>> 1) & 0x55555555);
  const highPairs = high - ((high >>> 1) & 0x55555555);
  const fours = (lowPairs & 0x33333333) + ((lowPairs >>> 2) & 0x33333333) + (highPairs & 0x33333333) + ((highPairs >>> 2) & 0x33333333);
  return Math.imul((fours & 0x0f0f0f0f) + ((fours >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}

export interface AlignOptions {
  /** Called after a number of cells, with all of them that are done and the most there will be. May throw, which ends the work. */
  readonly breathe?: (done: number, total: number) => Promise<void> | null;
  /** Cells of the largest table that is kept whole. */
  readonly block?: number;
}

const BLOCK = 1 << 20;

/**
 * An alignment of least cost. O(length · length) time, O(length + length) space. Equal beginnings and ends are paired first, which
 * costs nothing and leaves no cheaper alignment out: a pair with cost 0 can always take the place of what its entries do elsewhere.
 */
export async function align(
  a: AlignedList,
  b: AlignedList,
  { breathe = () => null, block = BLOCK }: AlignOptions = {},
): Promise<Alignment> {
  let start = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a.identity[start] === b.identity[start]) start++;
  let ending = 0;
  while (ending < shorter - start && a.identity[a.length - 1 - ending] === b.identity[b.length - 1 - ending]) ending++;
  const left: number[] = [];
  const right: number[] = [];
  const put = (i: number, j: number): void => {
    left.push(i);
    right.push(j);
  };
  for (let i = 0; i < start; i++) put(i, i);
  // Halving the first list and looking at all of the second: twice the cells of the whole, at most.
  const work = { a, b, put, breathe, block, done: 0, total: 2 * (a.length - start - ending) * (b.length - start - ending) };
  await divide(work, start, a.length - ending, start, b.length - ending);
  for (let i = ending; i > 0; i--) put(a.length - i, b.length - i);
  let cost = 0;
  for (let at = 0; at < left.length; at++) cost += left[at] === NONE || right[at] === NONE ? ALONE : pairCost(a, left[at], b, right[at]);
  return { left: Int32Array.from(left), right: Int32Array.from(right), cost };
}

interface Work {
  readonly a: AlignedList;
  readonly b: AlignedList;
  readonly put: (i: number, j: number) => void;
  readonly breathe: NonNullable<AlignOptions['breathe']>;
  readonly block: number;
  done: number;
  readonly total: number;
}

/** Of a[fromA .. toA) with b[fromB .. toB). Depth is the logarithm of a's length. */
async function divide(work: Work, fromA: number, toA: number, fromB: number, toB: number): Promise<void> {
  const { put } = work;
  if (fromA === toA || fromB === toB) {
    for (let i = fromA; i < toA; i++) put(i, NONE);
    for (let j = fromB; j < toB; j++) put(NONE, j);
    return;
  }
  if (toA - fromA === 1 || (toA - fromA) * (toB - fromB) <= work.block) {
    await table(work, fromA, toA, fromB, toB);
    return;
  }
  const middle = (fromA + toA) >> 1;
  const before = await lastRow(work, fromA, middle, fromB, toB, 1);
  const after = await lastRow(work, middle, toA, fromB, toB, -1);
  const width = toB - fromB;
  let best = 0;
  for (let j = 1; j <= width; j++) if (before[j] + after[width - j] < before[best] + after[width - best]) best = j;
  await divide(work, fromA, middle, fromB, fromB + best);
  await divide(work, middle, toA, fromB + best, toB);
}

/** Cells between two breaths. */
const BREATH = 1 << 22;

async function breatheAfter(work: Work, cells: number): Promise<void> {
  const before = Math.floor(work.done / BREATH);
  work.done += cells;
  if (Math.floor(work.done / BREATH) === before) return;
  const breath = work.breathe(work.done, work.total);
  if (breath !== null) await breath;
}

/**
 * j -> least cost of all of a's part with the first j of b's part; read from the ends where `step` is −1. One row of the table.
 */
async function lastRow(work: Work, fromA: number, toA: number, fromB: number, toB: number, step: 1 | -1): Promise<Int32Array> {
  const width = toB - fromB;
  const row = Int32Array.from({ length: width + 1 }, (_, j) => j * ALONE);
  const rowsAtOnce = Math.max(1, Math.floor(BREATH / width));
  for (let done = 0; done < toA - fromA; done += rowsAtOnce) {
    const until = Math.min(toA - fromA, done + rowsAtOnce);
    for (let i = done; i < until; i++)
      nextRow(work.a, step === 1 ? fromA + i : toA - 1 - i, work.b, step === 1 ? fromB : toB - 1, step, row);
    await breatheAfter(work, (until - done) * width);
  }
  return row;
}

/** Turns the row of the entries before a's i into that with it, in place. */
function nextRow(a: AlignedList, i: number, b: AlignedList, firstB: number, step: number, row: Int32Array): void {
  const { identity, group } = b;
  const { low, high } = b.sketches;
  const mine = a.identity[i];
  // Of no group: a number that no entry has.
  const myGroup = a.group[i] === NONE ? NO_GROUP : a.group[i];
  const myLow = a.sketches.low[i];
  const myHigh = a.sketches.high[i];
  const width = row.length;
  let diagonal = row[0];
  let left = (row[0] = diagonal + ALONE);
  for (let at = 1, j = firstB; at < width; at++, j += step) {
    const up = row[at];
    let best = (up < left ? up : left) + ALONE;
    if (identity[j] === mine) {
      if (diagonal < best) best = diagonal;
    } else if (group[j] === myGroup && diagonal + NEAR < best) {
      const cost = diagonal + NEAR_COST[bitsOf(myLow ^ low[j], myHigh ^ high[j])];
      if (cost < best) best = cost;
    }
    diagonal = up;
    row[at] = left = best;
  }
}

const NO_GROUP = -2;
const PAIR = 0;
const LEFT = 1;
const RIGHT = 2;

/** The textbook table, with the way back through it. Of equals a pair is taken; else what the first list has alone comes first. */
async function table(work: Work, fromA: number, toA: number, fromB: number, toB: number): Promise<void> {
  const { a, b, put } = work;
  const width = toB - fromB;
  const height = toA - fromA;
  const way = new Uint8Array(height * width);
  let before = Int32Array.from({ length: width + 1 }, (_, j) => j * ALONE);
  let row = new Int32Array(width + 1);
  for (let i = 0; i < height; i++) {
    row[0] = (i + 1) * ALONE;
    for (let j = 0; j < width; j++) {
      const pair = before[j] + pairCost(a, fromA + i, b, fromB + j);
      const up = before[j + 1] + ALONE;
      const side = row[j] + ALONE;
      const best = Math.min(pair, up, side);
      row[j + 1] = best;
      way[i * width + j] = best === pair ? PAIR : best === side ? RIGHT : LEFT;
    }
    [before, row] = [row, before];
  }
  const pairs: [number, number][] = [];
  let i = height;
  let j = width;
  while (i > 0 || j > 0) {
    const move = i === 0 ? RIGHT : j === 0 ? LEFT : way[(i - 1) * width + j - 1];
    if (move !== RIGHT) i--;
    if (move !== LEFT) j--;
    pairs.push([move === RIGHT ? NONE : fromA + i, move === LEFT ? NONE : fromB + j]);
  }
  for (let at = pairs.length - 1; at >= 0; at--) put(pairs[at][0], pairs[at][1]);
  await breatheAfter(work, height * width);
}
