/** The budget and handle in force: what the person set, else what the preset or the log's measured sharing suggests. */
import type { Budget } from '../../core/model/rule.ts';
import type { Preset } from '../../core/rule/preset.ts';
import { presetOf } from '../../core/rule/presets.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { OrderAnswer } from '../../engine/answers/pruning.ts';
import { targetOfPreset, useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import type { Target } from './looks.ts';

/** Share that the suggested handle opens on where the settings are no preset's; the other handle stays at everything. */
const OPENING_SHARE = { cut: 0.3, train: 0.5 } as const;

export function targetOf({ target, pruning }: Pick<Choices, 'target' | 'pruning'>, facts: DatasetFacts | undefined): Target {
  if (target !== null) return target;
  const preset = presetOf(pruning.present.rule);
  return preset === null ? (facts?.suited.target ?? 'cut') : targetOfPreset(preset);
}

/** The whole per cent from which on every event pinned for training fits, as a share; 0 where none is pinned. */
function trainFloor({ trainPins }: Pick<OrderAnswer, 'trainPins'>): number {
  return trainPins.of > 0 ? Math.ceil((100 * trainPins.tokens) / trainPins.of) / 100 : 0;
}

/**
 * The budget for who has set none. A train share below what its pins need would greet with a fault that nobody made.
 * @param preset whose settings are in force; null: no preset's
 */
export function suggestedBudget(
  facts: DatasetFacts | undefined,
  order: Pick<OrderAnswer, 'trainPins'> | undefined,
  preset: Pick<Preset, 'budget'> | null,
): Budget {
  const byLog = facts?.suited.target === 'train' ? { cut: 1, train: OPENING_SHARE.train } : { cut: OPENING_SHARE.cut, train: 1 };
  const { cut, train } = preset?.budget ?? byLog;
  return { cut, train: train === 1 ? 1 : Math.max(train, order ? trainFloor(order) : 0) };
}

/** Sets one of the two shares and leaves the other as it is in force. @param suggested in force where nothing is set */
export function setShare(suggested: Budget, target: Target, share: number, how: 'drag' | 'step'): void {
  const choices = useChoices.getState();
  const budget = { ...(choices.pruning.present.budget ?? suggested), [target]: Math.min(1, Math.max(0, share)) };
  if (how === 'drag') choices.dragBudget(budget);
  else choices.setBudget(budget);
}
