/** Candidates of the open log with their texts, before any is compared. */
import type { CandidateKey, CandidateNumbers } from '../../../core/candidates/candidate.ts';

/** UTF-16 units of a patch that are compared; a longer one is told by its length alone. */
export const LONGEST_PATCH = 512 << 10;

export interface GatheredCandidate extends CandidateNumbers {
  readonly key: CandidateKey;
  readonly name: string;
  readonly file: string;
  /** Row, or NONE. */
  readonly rollout: number;
  readonly copies: readonly string[];
  readonly length: number;
  /** Null: not known, or too long. */
  readonly text: string | null;
}

export interface GatheredTask {
  readonly task: string;
  readonly label: string;
  readonly row: number;
  readonly candidates: readonly GatheredCandidate[];
}

export interface Gathered {
  readonly tasks: readonly GatheredTask[];
  /** Rollouts of which the log does not say what they handed in. */
  readonly without: number;
  /** Answers that files only name. */
  readonly named: number;
  readonly faults: readonly string[];
}
