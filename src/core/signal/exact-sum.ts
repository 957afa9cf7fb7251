/**
 * Sums of float64 values that round once, at the end: the same in whatever order the values come. A sum is held as its
 * parts, doubles that do not overlap and add up to it exactly (Shewchuk, Adaptive precision floating-point arithmetic, 1997,
 * §2.4; rounded as CPython's `math.fsum`, Modules/mathmodule.c).
 */

/** Parts of a sum, from the least to the largest; empty: 0. A sum that leaves the range of doubles becomes NaN. */
export type SumParts = number[];

/** Adds `value` to the sum. O(parts), which are two or three for values of like size. */
export function addExactly(parts: SumParts, value: number): void {
  let count = 0;
  let high = value;
  for (const part of parts) {
    const [large, small] = Math.abs(high) < Math.abs(part) ? [part, high] : [high, part];
    high = large + small;
    const low = small - (high - large);
    // At most as many are written as were read.
    if (low !== 0) parts[count++] = low;
  }
  parts[count++] = high;
  parts.length = count;
}

/** The double nearest to the sum; of two that are equally near the even one. */
export function roundedSum(parts: SumParts): number {
  let at = parts.length - 1;
  if (at < 0) return 0;
  let high = parts[at];
  let low = 0;
  while (at > 0 && low === 0) {
    const large = high;
    const small = parts[--at];
    high = large + small;
    low = small - (high - large);
  }
  // Half way between two doubles: what is further below decides.
  if (at > 0 && ((low < 0 && parts[at - 1] < 0) || (low > 0 && parts[at - 1] > 0))) {
    const twice = low * 2;
    const other = high + twice;
    if (twice === other - high) high = other;
  }
  // Not −0, which would be written with its sign.
  return high + 0;
}

/** Sums over runs of a list, each rounded once. */
export interface RunningSums {
  /** Behind all values so far. */
  push(value: number): void;
  /** Over values [from, to). */
  between(from: number, to: number): number;
}

/** Holds the parts of each sum from the first value on: a run is the difference of two. */
export function makeRunningSums(): RunningSums {
  const parts: SumParts = [];
  const held: number[] = [];
  const start: number[] = [0, 0];
  return {
    push(value) {
      addExactly(parts, value);
      for (const part of parts) held.push(part);
      start.push(held.length);
    },
    between(from, to) {
      const sum = held.slice(start[to], start[to + 1]);
      for (let i = start[from]; i < start[from + 1]; i++) addExactly(sum, -held[i]);
      return roundedSum(sum);
    },
  };
}
