/** Top tokens and the most frequent forks; the text around a token when its row comes into view. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { TokenContext, TokenMeasure, TopForksAnswer, TopTokenRow, TopTokensAnswer } from '../../engine/answers/top.ts';
import type { Budget } from '../../core/model/rule.ts';
import { download } from '../../platform/browser/save.ts';
import { keepWithin, useEpoch, useForest, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';

/** Rows of a list. */
const MOST_TOP = 200;
const gate = makeGate();

/** @param task null: of the log */
export function useTopTokens(measure: TokenMeasure, task: number | null): UseQueryResult<TopTokensAnswer> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<TopTokensAnswer>({
    queryKey: ['top-tokens', epoch, id, budget, measure, task],
    queryFn:
      id === undefined
        ? skipToken
        : ({ signal }) => gate.turn(signal, () => ask((session) => session.topTokens(id, budget, { measure, task, count: MOST_TOP }))),
    placeholderData: (data, before) =>
      before?.queryKey[4] === measure && before.queryKey[5] === task ? keepWithin(epoch)(data, before) : undefined,
    gcTime: 5_000,
  });
}

/** @param task null: of the log */
export function useTopForks(task: number | null): UseQueryResult<TopForksAnswer> {
  const forest = useForest();
  return useQuery<TopForksAnswer>({
    queryKey: ['top-forks', forest, task],
    queryFn: forest === null ? skipToken : () => ask((session) => session.topForks(task, MOST_TOP)),
  });
}

/** null: it cannot be decoded. */
export function useTokenContext({ node, offset }: Pick<TopTokenRow, 'node' | 'offset'>): UseQueryResult<TokenContext | null> {
  const forest = useForest();
  return useQuery<TokenContext | null>({
    queryKey: ['token-context', forest, node, offset],
    queryFn: async () => (await ask((session) => session.tokenContexts([{ node, offset }])))[0] ?? null,
    gcTime: 60_000,
  });
}

/** Saves the list as one CSV file. Rejects where the order is no longer held. */
export async function saveTopTokens(orderId: number, budget: Budget, measure: TokenMeasure, task: number | null): Promise<void> {
  const text = await ask((session) => session.topTokensCsv(orderId, budget, { measure, task, count: MOST_TOP }));
  download({ name: `top-${measure}.csv`, blob: new Blob([text], { type: 'text/csv' }) });
}
