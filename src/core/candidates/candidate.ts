/** Candidates: answers to one task, each a patch, of which one is to be chosen. */

/** Whether an answer solves its task, as the log or a harness says; never guessed. */
export const OUTCOMES = ['resolved', 'failed', 'unknown'] as const;
export type CandidateOutcome = (typeof OUTCOMES)[number];

/**
 * Names a candidate among those of the open log, in whatever order files are opened: of a rollout its `RolloutKey`, of a file its path
 * and `#` and the candidate's place in it.
 */
export type CandidateKey = string;

/** What a ranking goes by: a number for each candidate that has one, the largest first. */
export interface ScoreList {
  /** Unique among the lists of one question; not a name of `RANKINGS`. */
  readonly id: string;
  readonly label: string;
  /** Where the numbers come from, for people: a column of the log, a model at an address. */
  readonly source: string;
  readonly values: readonly (readonly [candidate: CandidateKey, score: number])[];
}

/** Rankings that need no list. */
export const RANKINGS = ['votes', 'tests', 'logprob', 'entropy'] as const;
export type Ranking = (typeof RANKINGS)[number];

/** Numbers of a candidate; NaN where nothing is known. */
export interface CandidateNumbers {
  readonly outcome: CandidateOutcome;
  /** Tests that passed and failed. */
  readonly passed: number;
  readonly failed: number;
  /** Mean log-prob of the tokens that its rollout sampled, by the sampler, in nats. */
  readonly logprob: number;
  /** Mean entropy of them by its best source, in nats. */
  readonly entropy: number;
}
