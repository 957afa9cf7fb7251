/** What comes of a rollout beside ground truths, by trying everything in fractions: for lists of a dozen calls. */
import type { MadeCall, TrueCall } from '../../src/core/truths/calls.ts';
import { isLess, naivePair, NOTHING, ONE, plus, fraction, type Fraction } from '../unit/core/truths/naive.ts';

/** i, j -> the least cost of the first i calls with the first j of the truth, by the definition, each once. */
function table(made: readonly MadeCall[], truth: readonly TrueCall[]): (i: number, j: number) => Fraction {
  const known = new Map<string, Fraction>();
  const cost = (i: number, j: number): Fraction => {
    const key = `${i} ${j}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const ways: Fraction[] = [];
    if (i === 0 && j === 0) ways.push(NOTHING);
    if (i > 0) ways.push(plus(ONE, cost(i - 1, j)));
    if (j > 0) ways.push(plus(ONE, cost(i, j - 1)));
    const pair = i > 0 && j > 0 ? naivePair(made[i - 1]!, truth[j - 1]!) : null;
    if (pair !== null) ways.push(plus(pair, cost(i - 1, j - 1)));
    const least = ways.reduce((best, way) => (isLess(way, best) ? way : best));
    known.set(key, least);
    return least;
  };
  return cost;
}

export interface NaiveTruths {
  /** 0 to 1; null where there is no truth. */
  readonly discrepancy: number | null;
  /** Compared call -> least cost up to it, in calls. */
  readonly beginnings: readonly number[];
}

/** @param truths lists of calls, already only those that are compared */
export function naiveTruths(made: readonly MadeCall[], truths: readonly (readonly TrueCall[])[]): NaiveTruths {
  const value = ([over, under]: Fraction): number => Number(over) / Number(under);
  let best: number | null = null;
  const beginnings = made.map(() => Infinity);
  for (const truth of truths) {
    const cost = table(made, truth);
    const all = made.length + truth.length;
    const d = all === 0 ? 0 : value(plus(NOTHING, scaled(cost(made.length, truth.length), all)));
    if (best === null || d < best) best = d;
    for (let i = 0; i < made.length; i++)
      for (let j = 0; j <= truth.length; j++) beginnings[i] = Math.min(beginnings[i]!, value(cost(i + 1, j)));
  }
  return { discrepancy: best, beginnings };
}

function scaled([over, under]: Fraction, by: number): Fraction {
  return fraction(over, under * BigInt(by));
}
