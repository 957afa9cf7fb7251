/** Statistics of the rollouts that the filter leaves: the numbers at once, then their intervals. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { RESAMPLES, type StatisticsAnswer, type StatisticsQuestion } from '../../engine/answers/statistics.ts';
import { usePicked } from '../state/choices.ts';
import { keepWithin, useEpoch, useOrderId, useRestingBudget, type Epoch } from './answers.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';

const questions = makeGate();

export interface StatisticsState {
  readonly answer: StatisticsAnswer | undefined;
  readonly error: Error | null;
  /** Share of the draws of the bootstrap that are done, 0..1; null: nothing is on its way. */
  readonly drawn: number | null;
  /** The answer is of the question before. */
  readonly isOld: boolean;
}

export function useStatistics(): StatisticsState {
  const epoch = useEpoch();
  const { where, split } = usePicked((s) => ({ where: s.filter, split: s.split }));
  const cut = useAskedCut([where, ...(split !== null && 'a' in split ? [split.a, split.b] : [])]);
  const asked = { where, split, cut };
  const [drawn, setDrawn] = useState(0);
  const exact = useStep(epoch, { ...asked, resamples: 0 }, true, () => undefined);
  const isExact = exact.data !== undefined && !exact.isPlaceholderData;
  const whole = useStep(epoch, { ...asked, resamples: RESAMPLES }, isExact, (done, total) => setDrawn(done / total));
  const isWhole = whole.data !== undefined && !whole.isPlaceholderData;
  return {
    answer: isWhole ? whole.data : isExact ? exact.data : (whole.data ?? exact.data),
    error: exact.error ?? whole.error,
    drawn: whole.isFetching ? drawn : null,
    isOld: !isExact,
  };
}

/** The cut in force, where a filter asks about it: only then does an answer depend on it. */
function useAskedCut(filters: readonly string[]): StatisticsQuestion['cut'] {
  const orderId = useOrderId();
  const budget = useRestingBudget();
  return orderId !== undefined && filters.some((text) => /\b(?:kept|trained)\b/.test(text)) ? { orderId, budget } : null;
}

function useStep(epoch: Epoch | null, question: StatisticsQuestion, isAsked: boolean, onProgress: (done: number, total: number) => void) {
  return useQuery<StatisticsAnswer>({
    queryKey: ['statistics', epoch, question],
    queryFn:
      epoch === null || !isAsked
        ? skipToken
        : ({ signal }) =>
            questions.turn(signal, async () => {
              const answer = await ask((session) => session.statistics(question, onProgress));
              if (!answer.ok) throw new Error(answer.fault);
              return answer;
            }),
    placeholderData: keepWithin(epoch),
    gcTime: 30_000,
  });
}
