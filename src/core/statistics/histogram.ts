/** Histograms at edges that people can read and write: round numbers, so that a bin is a term of a filter. */
import { quantile } from './quantile.ts';

/** Bins at most. */
const BINS = 24;
/** Where the largest value is this many times the upper quartile, equal steps would put nearly all of them into one bin. */
const LONG_TAIL = 20;

export interface Edges {
  /** Ascending; bin i = [at[i], at[i + 1]), and every value lies in one. Empty where there is no value. */
  readonly at: Float64Array<ArrayBuffer>;
  /** `steps`: equal ones. `decades`: of 1, 2 and 5 in each, for values with a long tail. `one`: the values lie too close for others. */
  readonly kind: 'steps' | 'decades' | 'one';
}

/** @param sorted ascending and known */
export function edgesOf(sorted: Float64Array): Edges {
  if (sorted.length === 0) return { at: new Float64Array(0), kind: 'one' };
  const least = sorted[0];
  const largest = sorted[sorted.length - 1];
  const isWhole = sorted.every((value) => Number.isInteger(value));
  const upper = quantile(sorted, 0.75);
  if (least >= 0 && isWhole && upper > 0 && largest > LONG_TAIL * upper) {
    const at = decades(largest);
    return { at: at.subarray(Math.max(0, at.findIndex((edge) => edge > least) - 1)), kind: 'decades' };
  }
  const at = steps(least, largest, isWhole);
  return at.every((edge, i) => i === 0 || edge > at[i - 1]) && at[0] <= least && at[at.length - 1] > largest
    ? { at, kind: 'steps' }
    : { at: Float64Array.of(least + 0, above(largest)), kind: 'one' };
}

/** 0, 1, 2, 5, 10, … up to the first above `largest`. */
export function decades(largest: number): Float64Array<ArrayBuffer> {
  const at = [0];
  for (let i = 0; (at[at.length - 1] ?? 0) <= largest; i++) at.push((DECADE[i % 3] ?? 1) * 10 ** Math.floor(i / 3));
  return Float64Array.from(at);
}

const DECADE = [1, 2, 5];

/** Multiples of 1, 2 or 5 times a power of ten, from one at or below `least` to one above `largest`. */
function steps(least: number, largest: number, isWhole: boolean): Float64Array<ArrayBuffer> {
  const wanted = (largest - least) / (BINS - 1);
  let exponent = wanted > 0 ? Math.floor(Math.log10(wanted)) : 0;
  if (!Number.isFinite(exponent)) return new Float64Array(0);
  if (isWhole && exponent < 0) exponent = 0;
  let factor = DECADE.find((factor) => scaled(factor, exponent) >= wanted);
  if (factor === undefined) {
    factor = 1;
    exponent++;
  }
  const step = scaled(factor, exponent);
  // Counted in steps, so that each edge is the double nearest to its decimal.
  const first = Math.floor(least / step);
  const at: number[] = [];
  for (let i = first; at.length <= BINS + 2; i++) {
    at.push(scaled(i * factor, exponent));
    if (scaled(i * factor, exponent) > largest) break;
  }
  while (at.length > 2 && (at[1] ?? 0) <= least) at.shift();
  return Float64Array.from(at);
}

function scaled(count: number, exponent: number): number {
  // Added to 0, −0 is 0.
  return (exponent < 0 ? count / 10 ** -exponent : count * 10 ** exponent) + 0;
}

/** The next double. */
function above(value: number): number {
  const bits = new BigInt64Array(1);
  const view = new Float64Array(bits.buffer);
  if (value === 0) return Number.MIN_VALUE;
  view[0] = value;
  bits[0] += value > 0 ? 1n : -1n;
  return view[0];
}

/** The bin of a value; −1: none. */
export function binOf(at: Float64Array, value: number): number {
  if (!(value >= at[0] && value < at[at.length - 1])) return -1;
  let low = 0;
  let high = at.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (at[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
