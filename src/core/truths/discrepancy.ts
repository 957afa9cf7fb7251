/** The least cost of two lists of calls side by side, and of each beginning of the first with any of the second. In linear space. */
import { NONE } from '../model/kinds.ts';
import { CALL, NEVER } from './calls.ts';

/** What the i-th call of the first list with the j-th of the second costs; `NEVER` where they are no pair. */
export type PairCosts = (i: number, j: number) => number;

/** All in parts of a call, as `CALL` says. */
export interface ListCosts {
  /** Of all of both. */
  readonly whole: number;
  /** i -> the least cost of the first i + 1 calls with any beginning of the other list; it never falls. */
  readonly beginnings: Float64Array;
}

/** O(length · other length) time, O(length + other length) space. */
export function listCosts(length: number, other: number, pair: PairCosts): ListCosts {
  const row = firstRow(other);
  const beginnings = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    nextRow(row, (j) => pair(i, j));
    let least = row[0];
    for (let j = 1; j <= other; j++) if (row[j] < least) least = row[j];
    beginnings[i] = least;
  }
  return { whole: row[other], beginnings };
}

function firstRow(width: number): Float64Array {
  return Float64Array.from({ length: width + 1 }, (_, j) => j * CALL);
}

/** Turns the row of the calls before into that with one more, in place. */
function nextRow(row: Float64Array, cost: (j: number) => number): void {
  let diagonal = row[0];
  row[0] += CALL;
  for (let j = 1; j < row.length; j++) {
    const up = row[j];
    const alone = Math.min(up, row[j - 1]) + CALL;
    const pair = cost(j - 1);
    row[j] = pair < NEVER && diagonal + pair < alone ? diagonal + pair : alone;
    diagonal = up;
  }
}

/** A call of each list; NONE in place of a partner. */
export type CallPair = readonly [i: number, j: number];

/** An alignment of that least cost, by Hirschberg's division (1975). Time as above, in linear space. */
export function alignCalls(length: number, other: number, pair: PairCosts): readonly CallPair[] {
  const pairs: CallPair[] = [];
  divide(0, length, 0, other, pair, pairs);
  return pairs;
}

function divide(fromI: number, toI: number, fromJ: number, toJ: number, pair: PairCosts, pairs: CallPair[]): void {
  if (toI - fromI <= 1) {
    single(fromI, toI, fromJ, toJ, pair, pairs);
    return;
  }
  const middle = (fromI + toI) >> 1;
  const width = toJ - fromJ;
  const before = firstRow(width);
  for (let i = fromI; i < middle; i++) nextRow(before, (j) => pair(i, fromJ + j));
  const after = firstRow(width);
  for (let i = toI - 1; i >= middle; i--) nextRow(after, (j) => pair(i, toJ - 1 - j));
  let best = 0;
  for (let j = 1; j <= width; j++) if (before[j] + after[width - j] < before[best] + after[width - best]) best = j;
  divide(fromI, middle, fromJ, fromJ + best, pair, pairs);
  divide(middle, toI, fromJ + best, toJ, pair, pairs);
}

/** At most one call of the first list: with the cheapest partner, the first of equals, where a pair is cheaper than two without. */
function single(fromI: number, toI: number, fromJ: number, toJ: number, pair: PairCosts, pairs: CallPair[]): void {
  let partner = NONE;
  let least = 2 * CALL;
  if (toI > fromI)
    for (let j = fromJ; j < toJ; j++)
      if (pair(fromI, j) < least) {
        least = pair(fromI, j);
        partner = j;
      }
  if (toI > fromI && partner === NONE) pairs.push([fromI, NONE]);
  for (let j = fromJ; j < toJ; j++) pairs.push([j === partner ? fromI : NONE, j]);
}
