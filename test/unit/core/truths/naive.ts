/** A slow, obvious oracle: all ways to put two lists of calls side by side, in fractions. */
import type { MadeCall, TrueCall } from '../../../../src/core/truths/calls.ts';

/** Numerator and denominator, in lowest terms. */
export type Fraction = readonly [bigint, bigint];

export function fraction(over: bigint, under: bigint): Fraction {
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
  const by = gcd(over < 0n ? -over : over, under);
  return [over / by, under / by];
}
export const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => fraction(a * d + c * b, b * d);
export const isLess = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d < c * b;
export const ONE: Fraction = [1n, 1n];
export const NOTHING: Fraction = [0n, 1n];

/** Null: no pair. Only for truths whose arguments have names and one value each. */
export function naivePair(made: MadeCall, truth: TrueCall): Fraction | null {
  if (made.tool !== truth.tool) return null;
  const wanted = Object.fromEntries(truth.args.map(({ name, value }) => [name ?? '', value]));
  const given = Object.fromEntries(made.args);
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(given)])].filter((name) => truth.compares?.includes(name) ?? true);
  const differing = names.filter((name) => wanted[name] !== given[name]).length;
  return fraction(2n * BigInt(differing), 1n + BigInt(names.length));
}

/** The least cost by trying everything: leave the first of either list alone, or pair both. */
export function naiveCost(made: readonly MadeCall[], truth: readonly TrueCall[]): Fraction {
  const [a, b] = [made[0], truth[0]];
  if (a === undefined) return fraction(BigInt(truth.length), 1n);
  if (b === undefined) return fraction(BigInt(made.length), 1n);
  const ways = [plus(ONE, naiveCost(made.slice(1), truth)), plus(ONE, naiveCost(made, truth.slice(1)))];
  const pair = naivePair(a, b);
  if (pair !== null) ways.push(plus(pair, naiveCost(made.slice(1), truth.slice(1))));
  return ways.reduce((least, way) => (isLess(way, least) ? way : least));
}
