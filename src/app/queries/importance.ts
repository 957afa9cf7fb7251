/** Which way node importance is computed, and how long each way takes on what is open. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ImportanceChoice, ImportanceMeasured } from '../../engine/score/importance.ts';
import { useChoices } from '../state/choices.ts';
import { useOrder } from './answers.ts';
import { ask, client } from './client.ts';

const CHOICE = ['importance-choice'] as const;

/** What was chosen last; a session starts with `auto`. */
export function useImportanceChoice(): ImportanceChoice {
  return useQuery<ImportanceChoice>({ queryKey: CHOICE, queryFn: () => 'auto', staleTime: Infinity, gcTime: Infinity }).data ?? 'auto';
}

/** Orders are made anew. */
export async function chooseImportance(choice: ImportanceChoice): Promise<void> {
  client.setQueryData(CHOICE, choice);
  await ask((session) => session.chooseImportance(choice));
  await client.invalidateQueries({ queryKey: ['order'] });
}

/** `typed arrays`, or `graph on DEVICE`, as the order on screen was made. */
export function useImportanceBy(): string | undefined {
  return useOrder().data?.importanceBy;
}

/** What was measured; the way that turned out faster is used from the next order on. */
export function useMeasureImportance(): UseMutationResult<ImportanceMeasured, Error, void> {
  return useMutation<ImportanceMeasured>({
    mutationFn: () => ask<ImportanceMeasured>((session) => session.measureImportance(useChoices.getState().pruning.present.rule)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['order'] }),
  });
}
