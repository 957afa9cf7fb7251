/** What a judge was asked and what it said: plain data. The key that opens its address is in none of it. */
import type { JudgedMean } from '../../core/judge/sample-mean.ts';

export interface JudgeSettings {
  readonly prompt: string;
  /** Answers asked for about each candidate. */
  readonly samples: number;
  /** Requests under way at once. */
  readonly atOnce: number;
  /** Characters of a task and of a patch that are sent at most. */
  readonly longest: number;
  /** A request without an answer is given up after so long. */
  readonly seconds: number;
}

/** A candidate that is judged, with the two texts that are sent. */
export interface JudgedCandidate {
  /** What names it in what comes back. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly task: string | null;
  readonly patch: string;
}

/** Why one answer about a candidate gave no score. */
export interface JudgeIssue {
  /** 0-based. */
  readonly sample: number;
  readonly expected: string;
  readonly found: string;
}

export interface JudgedScore extends JudgedMean {
  readonly key: string;
  readonly name: string;
  /** One for each sample without a score: scores + issues = samples that were asked for. */
  readonly issues: readonly JudgeIssue[];
  /** Characters of its texts that were not sent. */
  readonly leftOut: number;
}

export interface JudgeAnswer {
  readonly scores: readonly JudgedScore[];
  /** Requests that were sent, those sent again among them. */
  readonly requests: number;
  readonly repeated: number;
  /** Tokens as the address counts them, over the answers that say so. */
  readonly tokens: { readonly prompt: number; readonly completion: number; readonly answers: number };
  readonly isCancelled: boolean;
}

export interface JudgeProgress {
  /** Samples that have come to an end, with a score or without. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly perSecond: number;
  /** Null until it can be told. */
  readonly secondsLeft: number | null;
}
