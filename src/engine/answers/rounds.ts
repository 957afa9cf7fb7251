/** Rounds of rollouts, and what each gained. */
import type { WholeBudget } from '../../core/rounds/equal-budget.ts';

export interface RoundsQuestion {
  /** Id of a `RoundSource`; null: the first that tells two rounds or more. */
  readonly by: string | null;
}

/** Something that may tell which round a rollout is of. */
export interface RoundSource {
  readonly id: string;
  readonly label: string;
  /** How many rounds it tells, of how many rollouts. */
  readonly rounds: number;
  readonly rollouts: number;
  /** Tasks with rollouts in two of its rounds or more. */
  readonly tasks: number;
  /** It is taken unasked where it tells two rounds or more: its name says round, or its words are numbers. */
  readonly isTaken: boolean;
}

/** A number with its 95 % interval; NaN where there is none. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface RoundAnswer {
  readonly name: string;
  readonly rollouts: number;
  /** Rollouts of known reward. */
  readonly known: number;
  /** Tasks with rollouts in it, of these with a known reward in it, and solved in it. */
  readonly tasks: number;
  readonly knownTasks: number;
  readonly solvedTasks: number;
  /** Tasks solved in it and in no round before, and solved up to here. */
  readonly newly: number;
  readonly soFar: number;
  /** `newly` as a share of all tasks with a known reward in some round. */
  readonly gain: Estimate;
  readonly reward: Estimate;
  /** Tokens that the policy wrote in it, and the same for each rollout. */
  readonly sampled: number;
  readonly sampledEach: Estimate;
}

export interface BudgetAnswer {
  readonly rounds: number;
  readonly each: number;
  readonly tasks: number;
  readonly byRounds: number;
  readonly byOne: number;
  /** `byRounds` − `byOne`. */
  readonly difference: Estimate;
}

/** A task with its rollouts by round. */
export interface RoundTask {
  readonly label: string;
  /** Row of `TaskTable`. */
  readonly row: number;
  /** round -> rollouts, those of known reward, successes */
  readonly rollouts: readonly number[];
  readonly known: readonly number[];
  readonly solved: readonly number[];
}

export interface RoundsAnswer {
  readonly sources: readonly RoundSource[];
  /** Null: nothing in the log tells rounds. */
  readonly by: string | null;
  readonly rounds: readonly RoundAnswer[];
  /** Tasks with a known reward in some round. */
  readonly tasks: number;
  /** Rollouts that are in no round, and those in one whose reward is unknown. */
  readonly without: number;
  readonly unknown: number;
  readonly whole: WholeBudget;
  readonly budgets: readonly BudgetAnswer[];
  /** In the order of the log; those with rollouts in some round. */
  readonly ofTasks: readonly RoundTask[];
  /** Draws of the bootstrap, and how many of the rounds have intervals. */
  readonly resamples: number;
  readonly drawnRounds: number;
}
