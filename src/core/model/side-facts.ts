/** What files beside logs say of tasks and rollouts: how they ended, what would have been right, what else was tried. */

/** How a run of one instance ended. */
export interface Outcome {
  /** The instance's id; null: all that lies in the file's folder. */
  readonly instance: string | null;
  readonly reward: number;
  /** Tests of it, where the file counts them. */
  readonly passed?: number;
  readonly failed?: number;
}

/** A call that the author of a task expects. */
export interface ReferenceAction {
  readonly tool: string;
  /** Its arguments as JSON text: an object; where `accepts`, of lists of accepted values. A call in Python's own words is a JSON text. */
  readonly args: string;
  /** Every argument is a list of values that are accepted, "" among them where it may be left out (BFCL). */
  readonly accepts?: true;
  /** 0-based turn of the user that it answers, where there are several. */
  readonly turn?: number;
  /** Who makes it, where that may be the simulated user (tau2). */
  readonly by?: 'assistant' | 'user';
  /** Names of the arguments that are compared; absent: all. */
  readonly compares?: readonly string[];
}

/** What a rollout's own record says would have been right. */
export interface RolloutReference {
  readonly actions: readonly ReferenceAction[];
  /** The answer in words, where there is one. */
  readonly answer?: string;
}

/** What would have been right in a task. */
export interface Reference extends RolloutReference {
  readonly task: string;
}

/** One answer to a task that stands in a file of its own, such as a patch; none of it is a rollout. */
export interface Candidate {
  readonly task: string;
  /** What tells it from others: a model, a number in its list, a submission. */
  readonly name: string;
  /** Characters of the patch; 0: it is empty; null: the file only names it. */
  readonly length: number | null;
  /** 64-bit hash of its text, so that equal ones are told; empty where there is none. */
  readonly hash: string;
  /** 1: it resolves the task; null: the file does not say. */
  readonly reward: number | null;
}

/** All that one file says. */
export interface SideFacts {
  readonly outcomes: readonly Outcome[];
  readonly references: readonly Reference[];
  readonly candidates: readonly Candidate[];
}
