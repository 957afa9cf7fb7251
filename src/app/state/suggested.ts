/** The budget and handle in force: what the person set, else what the log's measured sharing suggests. */
import type { Budget } from '../../core/model/rule.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { OrderAnswer } from '../../engine/answers/pruning.ts';
import { useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import type { Target } from './looks.ts';

/** Share that the suggested handle opens on; the other handle stays at everything. */
const OPENING_SHARE = { cut: 0.3, train: 0.5 } as const;

export function targetOf(choices: Pick<Choices, 'target'>, facts: DatasetFacts | undefined): Target {
  return choices.target ?? facts?.suited.target ?? 'cut';
}

/** The whole per cent from which on every event pinned for training fits, as a share; 0 where none is pinned. */
function trainFloor({ trainPins }: Pick<OrderAnswer, 'trainPins'>): number {
  return trainPins.of > 0 ? Math.ceil((100 * trainPins.tokens) / trainPins.of) / 100 : 0;
}

/** The budget for who has set none. A train share below what its pins need would greet with a fault that nobody made. */
export function suggestedBudget(facts: DatasetFacts | undefined, order: Pick<OrderAnswer, 'trainPins'> | undefined): Budget {
  if (facts?.suited.target !== 'train') return { cut: OPENING_SHARE.cut, train: 1 };
  return { cut: 1, train: Math.max(OPENING_SHARE.train, order ? trainFloor(order) : 0) };
}

/** Sets one of the two shares and leaves the other as it is in force. @param suggested in force where nothing is set */
export function setShare(suggested: Budget, target: Target, share: number, how: 'drag' | 'step'): void {
  const choices = useChoices.getState();
  const budget = { ...(choices.pruning.present.budget ?? suggested), [target]: Math.min(1, Math.max(0, share)) };
  if (how === 'drag') choices.dragBudget(budget);
  else choices.setBudget(budget);
}
