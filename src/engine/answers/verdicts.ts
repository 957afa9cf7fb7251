/** What a file of verdicts says of the rollouts that are open, before any of it is used. */
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';

/** A few of many, as a person finds them in their file. */
export interface Told {
  readonly count: number;
  /** `line 3: task-7 / 2` */
  readonly first: readonly string[];
}

export interface VerdictMatch {
  readonly ok: true;
  readonly name: string;
  readonly verdicts: number;
  readonly matched: number;
  readonly unmatched: Told;
  readonly ambiguous: Told;
  /** Sorted by key. */
  readonly rewards: readonly (readonly [rollout: RolloutKey, reward: number])[];
  readonly labels: readonly (readonly [rollout: RolloutKey, label: string])[];
  /** Rollouts that have a reward in the log, how many of these get another, and how many get one that had none. */
  readonly known: number;
  readonly changed: number;
  readonly filled: number;
}

export type VerdictAnswer = VerdictMatch | { readonly ok: false; readonly reason: string };
