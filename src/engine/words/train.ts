/** How tokens were chosen to carry loss, in words. */
import type { PruneRule } from '../../core/model/rule.ts';
import { TRAIN_METHODS } from '../../core/prune/train-methods.ts';
import type { KeepAnswer } from '../answers/pruning.ts';

/** The method's name, and how many tokens a draw was to give where it gave others. */
export function trainText(
  { train }: Pick<PruneRule, 'train'>,
  { training, trainDraw }: Pick<KeepAnswer, 'training' | 'trainDraw'>,
): string {
  const label = TRAIN_METHODS.find(({ id }) => id === train)?.label ?? train;
  const expected = Math.round(trainDraw.expected);
  return expected === training.after ? label : `${label}, ${expected.toLocaleString('en')} expected`;
}
