/** What the task list is sorted by: while scores stream in it is held, so that rows stay where the pointer is. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useChoices } from '../state/choices.ts';
import { useKeptByTaskNow } from './answers.ts';
import { useScoring } from './scoring.ts';

/**
 * task -> share of its signal that the budget keeps. During a run it is as it was when the run began, or when the person
 * last changed the order, the rule or the budget; afterwards as it is.
 */
export function useSortingSignal(): Float64Array | undefined {
  const { data: kept, isPlaceholderData } = useKeptByTaskNow();
  const { work } = useScoring();
  const opening = useChoices((s) => s.opening?.id);
  const sort = useChoices((s) => s.sort);
  const { rule, budget } = useChoices((s) => s.pruning.before ?? s.pruning.present);
  const streaming = work === 'running' || work === 'paused';
  const { data: held } = useQuery<Float64Array>({
    queryKey: ['sorting-signal', streaming ? [opening, sort, rule, budget] : null],
    queryFn: streaming && kept && !isPlaceholderData ? () => kept.signal : skipToken,
    gcTime: 0,
  });
  return streaming && held ? held : kept?.signal;
}
