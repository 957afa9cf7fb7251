/** The budget and handle in force: what the person set, else what the log's measured sharing suggests. */
import type { Budget } from '../../core/model.ts';
import type { DatasetFacts } from '../../engine/answers.ts';
import { useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import type { Target } from './looks.ts';

/** Share that the suggested handle opens on; the other handle stays at everything. Default train pins alone need a good part of what trains. */
const OPENING_SHARE = { cut: 0.3, train: 0.5 } as const;

export function targetOf(choices: Pick<Choices, 'target'>, facts: DatasetFacts | undefined): Target {
  return choices.target ?? facts?.suited.target ?? 'cut';
}

export function budgetOf(chosen: Budget | null, facts: DatasetFacts | undefined): Budget {
  if (chosen) return chosen;
  return facts?.suited.target === 'train' ? { cut: 1, train: OPENING_SHARE.train } : { cut: OPENING_SHARE.cut, train: 1 };
}

/** Sets one of the two shares and leaves the other as it is in force. */
export function setShare(facts: DatasetFacts | undefined, target: Target, share: number, how: 'drag' | 'step'): void {
  const choices = useChoices.getState();
  const budget = { ...budgetOf(choices.pruning.present.budget, facts), [target]: Math.min(1, Math.max(0, share)) };
  if (how === 'drag') choices.dragBudget(budget);
  else choices.setBudget(budget);
}
