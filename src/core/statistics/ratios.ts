/**
 * Every number about a set of rollouts is a ratio of two sums over it, in cells: a mean (value over 1), a rate (errors over
 * results), a share (calls of a tool over all calls), a mean at each turn. So one loop serves all, and a bootstrap draws once for all.
 */
import { lowest } from './strata.ts';

export interface Ratios {
  /** How many numbers a set has. */
  readonly cells: number;
  /** rollout -> first entry of the three columns below; length + 1 entries */
  readonly start: Int32Array;
  /** entry -> cell */
  readonly cell: Int32Array;
  readonly top: Float64Array;
  readonly below: Float64Array;
  /** rollout -> what is added below every cell; null: nothing */
  readonly whole: Float64Array | null;
}

/** One number a rollout: Σ top ÷ Σ below over those in which neither is NaN. */
export function denseRatios(top: Float64Array, below: Float64Array | null): Ratios {
  const { length } = top;
  const known = top.map((value, r) => (Number.isNaN(value) || Number.isNaN(below?.[r] ?? 1) ? 0 : 1));
  return {
    cells: 1,
    start: Int32Array.from({ length: length + 1 }, (_, r) => r),
    cell: new Int32Array(length),
    top: top.map((value, r) => (known[r] === 1 ? value : 0)),
    below: known.map((isKnown, r) => (isKnown === 1 ? (below?.[r] ?? 1) : 0)),
    whole: null,
  };
}

/** Sums by set and cell: index set × cells + cell. `count`: rollouts that add something below. */
export interface Sums {
  readonly top: Float64Array<ArrayBuffer>;
  readonly below: Float64Array<ArrayBuffer>;
  readonly count: Float64Array<ArrayBuffer>;
}

/**
 * @param members rollouts, in the order in which they are added. @param sets rollout -> bit per set
 * @param times rollout -> how often it counts; null: once
 */
export function sumRatios(ratios: Ratios, members: Int32Array, sets: Int32Array, setCount: number, times: Uint32Array | null): Sums {
  const { cells, start, cell, whole } = ratios;
  const top = new Float64Array(setCount * cells);
  const below = new Float64Array(setCount * cells);
  const count = new Float64Array(setCount * cells);
  const wholes = new Float64Array(setCount);
  const wholeCount = new Float64Array(setCount);
  for (const r of members) {
    const weight = times === null ? 1 : times[r];
    if (weight === 0) continue;
    for (let bits = sets[r]; bits !== 0; bits &= bits - 1) {
      const set = lowest(bits);
      for (let i = start[r]; i < start[r + 1]; i++) {
        const at = set * cells + cell[i];
        top[at] += weight * ratios.top[i];
        below[at] += weight * ratios.below[i];
        if (ratios.below[i] !== 0) count[at] += weight;
      }
      if (whole !== null && whole[r] !== 0) {
        wholes[set] += weight * whole[r];
        wholeCount[set] += weight;
      }
    }
  }
  if (whole !== null) {
    for (let at = 0; at < top.length; at++) {
      const set = Math.floor(at / cells);
      below[at] += wholes[set];
      count[at] = wholeCount[set];
    }
  }
  return { top, below, count };
}
