/** Orders of nodes, and a budget applied to one. */
import type { Strategy, PruneRule } from '../../core/model/rule.ts';
import type { ActsAnswer } from './acts.ts';
import type { RelativeFacts } from './truths.ts';
import type { GradientAnswer, GradientWhyNot } from './gradient.ts';
import type { Fill } from '../../core/signal/fill.ts';
import type { SignalId } from '../../core/signal/signals.ts';

/** Retained share of the signal at each of `shares` (0..1 of total cost). */
export interface Curve {
  readonly strategy: Strategy;
  readonly shares: Float64Array;
  readonly retained: Float64Array;
}

/** What "retained" counts; `signalText` words it. */
export interface SignalFacts {
  /** As the rule says. */
  readonly asked: SignalId;
  /** Another where no sampled token has a value of that. */
  readonly used: SignalId;
  /** Of imported scores: their name. */
  readonly label: string;
  readonly unit: string;
  /** Share of distinct sampled tokens whose value is known, 0..1: "retained" is of these. The others count in choices, as `fill` says. */
  readonly coverage: number;
  readonly fill: Fill;
  /** The rule has one budget for all tasks, but some know too little to be compared, so each has its own. */
  readonly isSplit: boolean;
}

export interface OrderAnswer {
  /** Names this order in later calls. */
  readonly orderId: number;
  readonly rule: PruneRule;
  /** Choices by hand whose nodes the open forest does not have: they are kept in the rule and count for nothing. */
  readonly handElsewhere: number;
  readonly acts: ActsAnswer;
  /** Of rewards relative to ground truths; null: the rule goes by the log's. */
  readonly relative: RelativeFacts | null;
  readonly totalCost: number;
  readonly totalSignal: number;
  /** False: no entropy is known, so importance counts sampled turns. */
  readonly hasEntropy: boolean;
  readonly signal: SignalFacts;
  /** `typed arrays`, or `graph on DEVICE`. */
  readonly importanceBy: string;
  /** Cost of the pinned closure as a share of totalCost. */
  readonly pinnedFloor: number;
  /** Sampled tokens of events pinned for training, out of all sampled tokens, where nothing is cut. */
  readonly trainPins: { readonly tokens: number; readonly of: number };
  /** The curve of the chosen strategy, exact at every share it names. */
  readonly curve: Curve;
  /** Upper bound on what any parent-closed set of that cost can retain. */
  readonly bound: Curve;
}

/** share -> cosine with the gradient of the full set, and norm as a share of its */
export interface GradientCurve {
  readonly strategy: Strategy;
  readonly cosine: Float64Array;
  readonly norm: Float64Array;
}

export interface GradientComparison {
  readonly shares: Float64Array;
  /** With coefficients as weights. */
  readonly curves: readonly GradientCurve[];
  /** Of the band, as the mean of the trajectories that are kept whole: what training on them with weight 1/k gives. */
  readonly band: { readonly low: Float64Array; readonly mean: Float64Array; readonly high: Float64Array; readonly norm: Float64Array };
}

/** The other strategies at the same rule, computed after the first answer. */
export interface ComparisonAnswer {
  readonly orderId: number;
  readonly curves: readonly Curve[];
  /** The same for the gradient that each keeps; null where no model has scored the log with sketches. */
  readonly gradient: GradientComparison | null;
  readonly random: {
    readonly shares: Float64Array;
    readonly low: Float64Array;
    readonly mean: Float64Array;
    readonly high: Float64Array;
    readonly seeds: number;
  };
  /** The same by the share of all sampled tokens that they train, in place of the cost. */
  readonly randomTrained: Readonly<Record<'shares' | 'low' | 'mean' | 'high', Float64Array>>;
}

/** Something that somebody should know of a budget before writing by it; `keepWarningText` words it. */
export type KeepWarning =
  /** No sampled token is kept; `nodes`: kept ones, of prompts. */
  | { readonly code: 'keeps-nothing'; readonly nodes: number }
  /** Tasks of which no sampled token is kept; those of which some is, but none of their final turns. */
  | { readonly code: 'empty-tasks' | 'tasks-without-endings'; readonly tasks: number; readonly of: number }
  | { readonly code: 'trains-nothing' }
  /** Something is cut from a log whose rollouts share this share of their tokens, 0..1. */
  | { readonly code: 'little-shared'; readonly shared: number };

/** Before and after one tick. Counts are exact. */
export interface KeepAnswer {
  readonly orderId: number;
  readonly cutShare: number;
  readonly trainShare: number;
  /** kept(n) = rank[n] < cutRank, one entry per scope group (one for `global`, else one per task) */
  readonly cutRank: Int32Array;
  readonly cost: { readonly total: number; readonly kept: number };
  /**
   * `bound`: the most any keep set of that budget can retain; `pinnedBound`: any that holds every pinned event (null:
   * none is pinned, or they do not fit). `coverage`: share of sampled tokens whose value is known, 0..1; the other figures
   * are of these.
   */
  readonly signal: {
    readonly total: number;
    readonly kept: number;
    readonly bound: number;
    readonly pinnedBound: number | null;
    readonly coverage: number;
  };
  readonly distinct: Pair;
  readonly flat: Pair;
  readonly sampled: Pair;
  /** Tokens that carry loss, out of all sampled tokens. */
  readonly training: Pair;
  /** Signal of these, out of `signal.total`. */
  readonly lossSignal: number;
  /**
   * How much of the full set's gradient this set trains, with its coefficients, by a scoring model's sketches: a lookup while
   * all of the cut is trained. Null: `gradientWhy`.
   */
  readonly gradient: GradientAnswer | null;
  readonly gradientWhy: GradientWhyNot | null;
  /**
   * `expected`: about how many tokens a draw takes; the same as `training.after` where nothing is drawn. `threshold`: of what
   * tokens are chosen by, as `TrainSet` has it.
   */
  readonly trainDraw: { readonly expected: number; readonly threshold: number | null };
  readonly nodes: Pair;
  readonly branches: Pair;
  readonly calls: Pair;
  readonly memory: Pair;
  readonly errors: Pair;
  readonly finals: Pair;
  readonly rollouts: { readonly total: number; readonly whole: number; readonly touched: number };
  /**
   * Tasks; of which no sampled token is kept; of which no final turn is kept although the log has one (empty ones among
   * them).
   */
  readonly tasks: { readonly total: number; readonly empty: number; readonly withoutEndings: number };
  readonly warnings: readonly KeepWarning[];
  /** 0 = all pairs intact. */
  readonly brokenPairs: number;
  /** Set when pinned events alone need more than the budget. */
  readonly floorUnmet: { readonly floor: number; readonly pinnedDropped: number } | null;
  /** Set when events pinned for training alone need more than the train budget, both in sampled tokens of the cut. */
  readonly trainPinsUnmet: { readonly pinned: number; readonly budget: number } | null;
}
export interface Pair {
  readonly before: number;
  readonly after: number;
}
