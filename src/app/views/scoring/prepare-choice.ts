/** Takes over a choice about scoring and finds out what it would cost; an address is asked only on a click. */
import { prepare, voidEstimate } from '../../queries/scoring.ts';
import { useScoringChoices } from '../../state/scoring.ts';
import type { ScoringChoices } from '../../state/scoring.ts';

type Choice = Partial<Pick<ScoringChoices, 'model' | 'executor' | 'dtype' | 'lend' | 'scope' | 'sketch'>>;

export function changeChoice(change: Choice, distinctTokens: number): void {
  useScoringChoices.getState().set(change);
  voidEstimate();
  if (useScoringChoices.getState().model.kind !== 'url') void prepare(distinctTokens);
}
