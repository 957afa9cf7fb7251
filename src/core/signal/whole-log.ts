/** What a part of a log must be told of the whole. */
import type { SignalId } from './signals.ts';

/** Sums of known values and how many, by kind, and of all kinds last: what `fillValues` falls back on. */
export interface FillTotals {
  readonly total: Float64Array;
  readonly count: Float64Array;
}

export interface WholeLog {
  /** Some rollout has a reward; some trajectory an advantage under the rule. */
  readonly hasRewards: boolean;
  readonly hasAdvantage: boolean;
  /** Signals of which some sampled token has a value, with the totals of those values. */
  readonly known: ReadonlyMap<SignalId, FillTotals>;
  /** Of each of them, the least share of its sampled tokens that a task knows. */
  readonly leastKnown: ReadonlyMap<SignalId, number>;
  readonly tasks: number;
  /** Σ over the tasks of what each is divided by. */
  readonly divisors: number;
  /** Some unit of the order is open; some node is pinned in the cut. */
  readonly hasOpen: boolean;
  readonly hasPins: boolean;
  /** All rewards of rollouts that are known are 0 or 1. */
  readonly hasBinaryRewards: boolean;
  /** Of the ways to order units by density where one budget is shared, the one that is best for the whole; absent: not known yet. */
  readonly way?: number;
}
