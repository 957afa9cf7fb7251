/** Two settings of pruning, held against each other: A, which is kept as it was, and B. */
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import type { Overlap } from '../../core/prune/overlap.ts';
import type { EntropyFacts } from './dataset.ts';
import type { Curve, KeepAnswer } from './pruning.ts';

export interface Settings {
  readonly rule: PruneRule;
  readonly budget: Budget;
}

export interface OverlapRow {
  /** `nodes`; `tokens`: distinct tokens of kept nodes; `trained`: tokens that carry loss; `rollouts`: kept whole. */
  readonly of: 'nodes' | 'tokens' | 'trained' | 'rollouts';
  readonly overlap: Overlap;
}

/** One side, as its order was made. */
export interface Side {
  readonly orderId: number;
  readonly keep: KeepAnswer;
  readonly curve: Curve;
  readonly totalCost: number;
  readonly entropy: EntropyFacts;
}

export interface SettingsComparison {
  /** A is as it was when it was held, with its scores; false: it was made again, with those that are known now. */
  readonly isHeld: boolean;
  readonly a: Side;
  readonly b: Side;
  readonly overlaps: readonly OverlapRow[];
  /** Rollouts kept whole, by what the log tells of them: policy version, outcome, task. */
  readonly groups: readonly {
    readonly by: 'policy' | 'outcome' | 'task';
    readonly words: readonly { readonly word: string; readonly rollouts: number; readonly overlap: Overlap }[];
    /** Words beyond those that are listed. */
    readonly left: number;
  }[];
}

/** Bits of `comparedNodes`: who keeps the node. */
export const KEPT_BY = { a: 1, b: 2 } as const;
