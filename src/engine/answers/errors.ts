/** What error rules hit in the open log, and what masking them takes. */
import type { Corrections } from '../../core/errors/masked.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { Unsearched } from './searching.ts';

/** The settings of records that say which rules are on, and the set whose loss is counted. */
export interface ErrorsAsked {
  /** As `RecordSettings.errorRules` has it. */
  readonly errorRules: string;
  readonly corrections: Corrections;
  readonly correctedWithin: number;
  /** Null: every token that the policy sampled is to carry loss. */
  readonly of: { readonly orderId: number; readonly budget: Budget } | null;
}

/** Tokens count in each trajectory that sampled them, and turns there too. */
export interface ErrorLoss {
  readonly turns: number;
  readonly rollouts: number;
  readonly tokens: number;
}

export interface ErrorRuleFacts {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly judges: 'outcome' | 'habit';
  readonly isOn: boolean;
  /** Distinct turns that it hits, those that no other rule hits, those whose hits by it are all corrected, and rollouts with such turns. */
  readonly turns: number;
  readonly alone: number;
  readonly corrected: number;
  readonly rollouts: number;
  /** What masking by this rule alone would take from the loss. */
  readonly takes: ErrorLoss;
}

/** One row for each hit, by rollout, turn, rule and call. */
export interface ErrorHitColumns {
  readonly length: number;
  /** hit -> rollout of the dataset */
  readonly rollout: Int32Array;
  /** hit -> line of its rollout in its file, or 0 */
  readonly line: Int32Array;
  /** hit -> index into `rules` */
  readonly rule: Uint8Array;
  /** hit -> turn of its rollout, counted from 1 */
  readonly turn: Int32Array;
  readonly branch: Int32Array;
  readonly event: Int32Array;
  /** hit -> index into `tools`, or NONE: no call */
  readonly tool: Int32Array;
  /** hit -> the turn that corrects it within the turns that are set, or 0: none does */
  readonly correctedBy: Int32Array;
  /** hit -> 1: its turn is masked as the settings are */
  readonly masked: Uint8Array;
}

export interface ErrorsAnswer {
  /** All rules, in the order of the registry. */
  readonly rules: readonly ErrorRuleFacts[];
  /** rule -> rule -> distinct turns that both hit */
  readonly overlap: readonly (readonly number[])[];
  /** Distinct turns and rollouts, and of them those that a rule that is on hits. */
  readonly turns: { readonly all: number; readonly hit: number };
  readonly rollouts: { readonly all: number; readonly hit: number };
  /** Turns and tokens that carry loss before anything is masked, and what masking as set takes of it. */
  readonly loss: { readonly tokens: number; readonly takes: ErrorLoss };
  readonly tools: readonly string[];
  readonly hits: ErrorHitColumns;
  /** Rollouts without messages: only the log's marks are known, and no turn of theirs is among the figures of hits. */
  readonly withoutMessages: number;
  readonly unread: Unsearched | null;
}

/** What the rules that are on say of one turn of a branch. */
export interface TurnErrors {
  readonly event: number;
  readonly turn: number;
  readonly isMasked: boolean;
  readonly rules: readonly { readonly label: string; readonly tool: string; readonly correctedBy: number | null }[];
}
