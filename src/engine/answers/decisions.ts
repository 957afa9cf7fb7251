/** Where rollouts part in what they do, and how that goes for them. */
import type { IntervalMethod, MeanInterval } from '../../core/decisions/mean-interval.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';

/** A step of the action tree; what it says is read on demand, see `StepText`. */
export interface DecisionStep {
  readonly key: NodeKey;
  /** Its tool, else its kind. */
  readonly label: string;
  readonly kind: Kind;
  /** A result that reports an error. */
  readonly isError: boolean;
}

/** What tells a step from others of its name. */
export interface StepText {
  /** First words of a call's arguments, or of what was said, on one line. */
  readonly words: string;
  /** There is more of it. */
  readonly isCut: boolean;
}

/** Of some rollouts: how many, and their rewards with a 95 % interval of the mean. */
export interface GroupFigures extends MeanInterval {
  readonly rollouts: number;
  /** Of those rollouts, how many have no known reward. */
  readonly unknown: number;
}

/** One rollout that stands for those of a way. */
export interface Representative {
  readonly rollout: RolloutKey;
  readonly id: string;
  readonly reward: number;
  /** The branch that goes this way. */
  readonly branch: number;
  /** The node of the token tree in which that trajectory takes the step; null: there is no step. */
  readonly node: NodeKey | null;
}

export interface DecisionWay extends GroupFigures {
  /** Null: nothing more is done; of all rollouts of a task: there is none. */
  readonly step: DecisionStep | null;
  /** What all of them do next, up to where they part again or end; the first `MOST_RUN` of `runLength` steps. */
  readonly run: readonly DecisionStep[];
  readonly runLength: number;
  /** The ways they part after that, 0: they all end there; and the step after which they do, null: before the first. */
  readonly ways: number;
  readonly fork: NodeKey | null;
  readonly representative: Representative;
}

export interface ForkSplit {
  /** Of the squared deviations of the task's rewards, and of those of all tasks from their own means, 0..1. */
  readonly share: number;
  readonly shareOfLog: number;
  /** Ways with fewer than two known rewards that were taken together. */
  readonly pooled: number;
}

export interface ForkAnswer {
  readonly task: number;
  /** The step after which rollouts part; null: before the first one. */
  readonly key: NodeKey | null;
  /** Steps before the ways. */
  readonly level: number;
  readonly all: GroupFigures;
  readonly method: IntervalMethod;
  /** Most frequent first, then by key; the first of `wayCount`. */
  readonly ways: readonly DecisionWay[];
  readonly wayCount: number;
  /** The ways that are not shown, taken together; null where all are. */
  readonly others: GroupFigures | null;
  /** Rollouts of which different trajectories go different ways: they count on each. */
  readonly several: number;
  readonly split: ForkSplit | null;
}

/** One way of a fork, as the list of forks shows it; or several with too few known rewards, taken together. */
export interface SplitSide extends GroupFigures {
  /** Null: nothing more is done; or there are several. */
  readonly step: DecisionStep | null;
  readonly ways: number;
  /** Null: there are several ways. */
  readonly representative: Representative | null;
}

export interface SplitRow extends ForkSplit {
  readonly task: number;
  readonly key: NodeKey | null;
  /** The step after which they part; null: before the first one. */
  readonly after: DecisionStep | null;
  readonly level: number;
  readonly wayCount: number;
  /** Of the ways that are compared, those of the highest and of the lowest mean. */
  readonly best: SplitSide;
  readonly worst: SplitSide;
}

export interface SplitsAnswer {
  readonly rows: readonly SplitRow[];
  readonly method: IntervalMethod;
  /** Forks there are, and those of them that explain something of the rewards: `rows` are the first of these. */
  readonly forkCount: number;
  readonly rankedCount: number;
  /** Rollouts, and those of them whose reward is known. */
  readonly rollouts: number;
  readonly known: number;
}
