/** The verbs of a session about decisions. */
import type { NodeKey } from '../../core/model/node-key.ts';
import type { DecisionWay, ForkAnswer, SplitsAnswer, StepText } from '../answers/decisions.ts';
import type { Dataset } from '../dataset.ts';
import type { Conversations } from '../transcript/conversation.ts';
import { beginning, forkAnswer } from './fork.ts';
import { splitsAnswer } from './splits.ts';
import { stepTexts } from './step-text.ts';

export interface SessionDecisions {
  /** Forks of the action tree by how much they explain of the rewards: of a task, or of the log where it is null. */
  splits(task: number | null, count: number): SplitsAnswer;
  /** All rollouts of a task as one way: what they have in common, and where they first part. */
  beginning(task: number): DecisionWay;
  /** Ways from a step on, or from before a task's first one where the key is null; null where nobody parts there. */
  fork(task: number, key: NodeKey | null, shown: number): ForkAnswer | null;
  /** Words of steps of the action tree, null where the log has none. */
  stepTexts(keys: readonly NodeKey[]): Promise<(StepText | null)[]>;
}

/** Both throw where nothing is open. */
interface DecisionContext {
  readonly dataset: () => Dataset;
  readonly conversations: () => Conversations;
}

export function decisionVerbs({ dataset, conversations }: DecisionContext): SessionDecisions {
  return {
    splits: (task, count) => splitsAnswer(dataset(), task, count),
    beginning: (task) => beginning(dataset(), task),
    fork: (task, key, shown) => forkAnswer(dataset(), task, key, shown),
    stepTexts: (keys) => stepTexts(dataset(), conversations(), keys),
  };
}
