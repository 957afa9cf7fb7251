/** What a preset is: settings and budgets that belong together, with one sentence on what they are for. */
import type { Convention } from '../export/branches.ts';
import type { Budget, PruneRule } from '../model/rule.ts';

export interface Preset<Id extends string = string> {
  /** As manifests, flags and addresses spell it. */
  readonly id: Id;
  readonly label: string;
  /** One sentence. */
  readonly help: string;
  /** What was measured of it in `experiments/gradient` (policy A on s2): a test holds it to the results. */
  readonly evidence: string;
  /** What it sets; the other settings keep their defaults. */
  readonly rule: Partial<PruneRule>;
  readonly budget: Budget;
  readonly weights: Convention;
}

/** What is known of a log when its preset is chosen. */
export interface Known {
  /** Tasks of two or more rollouts whose rewards differ: groups that have an advantage. */
  readonly contrastingTasks: number;
  /** Rollouts with a known reward, and those of them with a reward above 0. */
  readonly rewards: { readonly known: number; readonly positive: number };
  /** The log says what its policy thought likely: entropy, log-probs or advantages. */
  readonly isPolicyLog: boolean;
}

/** Why a preset fits a log; the page and the command line word it. */
export type PresetReason = 'policy-log-with-contrast' | 'successes-known' | 'no-success' | 'no-rewards';
