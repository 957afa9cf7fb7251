/** What the session says of the rollouts one by one, and which of them is selected. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RolloutFigures, RolloutsAnswer } from '../../engine/answers/rollouts.ts';
import { useChoices } from '../state/choices.ts';
import { keepWithin, useEpoch, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';

const figures = makeGate();

/** The columns of all rollouts; while a log is read on, those of before. */
export function useRollouts(): RolloutsAnswer | undefined {
  const epoch = useEpoch();
  return useQuery<RolloutsAnswer>({
    queryKey: ['rollouts', epoch],
    queryFn: epoch === null ? skipToken : () => ask((session) => session.rollouts()),
    placeholderData: keepWithin(epoch),
  }).data;
}

/** Kept share and trained tokens by rollout, at the budget once a drag has come to rest. */
export function useRolloutFigures(): UseQueryResult<RolloutFigures> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<RolloutFigures>({
    queryKey: ['rollout-figures', epoch, id, budget],
    queryFn:
      id === undefined ? skipToken : ({ signal }) => figures.turn(signal, () => ask((session) => session.rolloutFigures(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
}

/** The selected rollout's place among the open ones, or null. */
export function useRolloutIndex(): number | null {
  const key = useChoices((s) => s.rollout);
  const keys = useRollouts()?.keys;
  return useMemo(() => {
    const index = key === null || keys === undefined ? -1 : keys.indexOf(key);
    return index < 0 ? null : index;
  }, [key, keys]);
}
