/** Strategies and train methods side by side at some budgets; `espalier evaluate` writes it as JSON and as a page. */
import type { PruneRule } from '../../core/model/rule.ts';
import type { GradientSource, GradientWhyNot } from './gradient.ts';
import type { SignalFacts } from './pruning.ts';

export interface EvaluationOptions {
  /** Shares of the cost that a cut may keep, and of the sampled tokens that may carry loss, 0..1. */
  readonly budgets: readonly number[];
  /** Ids; every one where absent. */
  readonly strategies?: readonly string[];
  readonly methods?: readonly string[];
  /** How many seeds each is drawn with that depends on one. */
  readonly seeds: number;
}

/**
 * A figure with an interval: the least and the most over the seeds where it is drawn with several; else of a cosine the interval
 * of its sketch, and of other figures nothing.
 */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface EvaluationRow {
  readonly budget: number;
  /** Share of the cost (of the sampled tokens, for a train method) that is used. */
  readonly used: Measured;
  /** Share of the signal that is kept, or carries loss. */
  readonly retained: Measured;
  /** Against flat training of everything, with coefficients as weights; null where there is no meter. */
  readonly cosine: Measured | null;
  readonly norm: Measured | null;
  /** The same as the mean of the trajectories that are kept whole, weight 1/k; null for train methods too. */
  readonly wholeCosine: Measured | null;
  readonly wholeNorm: Measured | null;
  /** (Σw)²/Σw² over distinct tokens with loss. */
  readonly effectiveTokens: Measured;
  /** Final turns kept; tasks with some token of loss. */
  readonly endings: Measured;
  readonly tasks: Measured;
}

export interface EvaluatedWay {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** 1 where it does not depend on the seed. */
  readonly seeds: number;
  readonly rows: readonly EvaluationRow[];
}

export interface Evaluation {
  readonly inputs: readonly string[];
  readonly rule: PruneRule;
  readonly signal: SignalFacts;
  readonly measured: GradientSource | null;
  readonly why: Exclude<GradientWhyNot, 'pending'> | null;
  readonly totals: {
    readonly rollouts: number;
    readonly tasks: number;
    readonly cost: number;
    readonly sampledTokens: number;
    readonly effectiveTokens: number;
    readonly endings: number;
  };
  /** Cuts, all of which is trained. */
  readonly cut: readonly EvaluatedWay[];
  /** Choices of tokens for loss, nothing being cut. */
  readonly train: readonly EvaluatedWay[];
}
