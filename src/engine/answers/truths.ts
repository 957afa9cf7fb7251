/** What a session says of ground truths: how far rollouts are from them, and what stopping those that deviate would have come to. */
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { Correlations } from '../../core/truths/relative.ts';
import type { TruthSettings } from '../../core/truths/settings.ts';
import type { StopCounts, StopCurve } from '../../core/truths/stopping.ts';

/** Why the discrepancy of a rollout is not known. */
export const TRUTH_GAPS = ['no-truth', 'unread', 'nothing-compared'] as const;
export type TruthGap = (typeof TRUTH_GAPS)[number];

/** What the relative rewards that a rule goes by are of. */
export interface RelativeFacts {
  readonly from: TruthsAnswer['from'];
  /** Rollouts that have one, of all. */
  readonly known: number;
  readonly of: number;
}

/** A ground truth of a task. */
export interface TruthRow {
  /** Row of `TruthsAnswer.tasks`. */
  readonly task: number;
  readonly calls: number;
  readonly hasAnswer: boolean;
  readonly hasPatch: boolean;
  /** Rollouts that do just this; none: a reference. */
  readonly rollouts: readonly RolloutKey[];
}

/** Columns by rollout of the dataset. */
export interface TruthColumns {
  readonly keys: readonly RolloutKey[];
  readonly ids: readonly string[];
  /** -> row of `tasks` */
  readonly task: Int32Array;
  /** As logged, NaN where unknown. */
  readonly reward: Float64Array;
  /** 0 to 1, NaN where unknown. */
  readonly discrepancy: Float64Array;
  readonly relative: Float64Array;
  /** -> row of `truths`; NONE where the discrepancy is unknown. */
  readonly nearest: Int32Array;
  /** 1: it is a ground truth itself. */
  readonly isTruth: Uint8Array;
  /** Calls that are compared. */
  readonly calls: Int32Array;
  readonly sampled: Float64Array;
  /** Why the discrepancy is unknown, as index into `TRUTH_GAPS`; NONE: it is known. */
  readonly gap: Int8Array;
}

export interface TruthsAnswer {
  readonly settings: TruthSettings;
  /** What `auto` came to. */
  readonly from: Exclude<TruthSettings['from'], 'auto'>;
  /** Labels of all tasks, and how many ground truths each has. */
  readonly tasks: readonly string[];
  readonly truthsOf: Int32Array;
  readonly truths: readonly TruthRow[];
  readonly rollouts: TruthColumns;
  readonly correlations: Correlations;
  readonly curve: StopCurve;
  /** Of the rollouts that the curve is about. */
  readonly judged: {
    readonly rollouts: number;
    readonly successes: number;
    readonly failures: number;
    readonly unknown: number;
    readonly sampled: number;
    /** Whose discrepancy is known, though not where their messages lie in tokens: they are not among the others. */
    readonly unplaced: number;
  };
  /** Final answers longer than what is compared of them, among those that are compared. */
  readonly answersCut: number;
  /** Likewise of final patches. */
  readonly patchesCut: number;
  /** Keys that were chosen and that the log lacks. */
  readonly elsewhere: number;
  /** Why records could not be read again; null: all were. */
  readonly unread: { readonly rollouts: number; readonly why: string } | null;
}

/** What a threshold stops. */
export interface TruthStops {
  /** In calls. */
  readonly threshold: number;
  /** rollout -> the call at which it is stopped, among those that are compared; NONE: it is not */
  readonly call: Int32Array;
  /** rollout -> name of that call's tool; empty: it is not stopped */
  readonly tool: readonly string[];
  /** rollout -> its node in the token tree; null: it is not stopped, or the log does not say where */
  readonly node: readonly (NodeKey | null)[];
  /** rollout -> sampled tokens after it; 0: none, or it is not stopped */
  readonly saved: Float64Array;
  readonly all: StopCounts;
  readonly byTask: readonly (StopCounts & {
    readonly task: number;
    readonly rollouts: number;
    readonly successes: number;
    readonly failures: number;
  })[];
}

/** The nodes of the token tree that only rollouts pass which have deviated before. */
export interface TruthsBeyond {
  /** The topmost ones, at most `MAX_ACT_KEYS`. */
  readonly nodes: readonly NodeKey[];
  /** How many topmost ones there are. */
  readonly of: number;
  readonly rollouts: number;
  /** Sampled tokens of all of them, each once. */
  readonly sampled: number;
}

/** Calls of a rollout beside those of its nearest ground truth. */
export interface TruthPairs {
  readonly rollout: RolloutKey;
  readonly rows: readonly TruthPairRow[];
  /** Rows that are left out at the end. */
  readonly more: number;
  /** In calls. */
  readonly cost: number;
  /** Of the final answer, 0 to 1; null: it is not compared. */
  readonly answer: { readonly distance: number; readonly made: string; readonly truth: string } | null;
  /** Of the final patch, with its changed lines; null: it is not compared. */
  readonly patch: { readonly distance: number; readonly made: number; readonly truth: number } | null;
}

export interface TruthPairRow {
  readonly made: string | null;
  readonly truth: string | null;
  /** Arguments that differ or that one of the two lacks, with both values: `to: "C", not "B"`. */
  readonly differs: readonly string[];
  /** In calls. */
  readonly cost: number;
}
