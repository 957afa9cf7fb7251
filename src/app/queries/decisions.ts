/** What the session says of decisions: forks of the action tree, their ranking, and words of steps, which are asked for together. */
import { queryOptions, skipToken, useQueries, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { DecisionWay, ForkAnswer, SplitsAnswer, StepText } from '../../engine/answers/decisions.ts';
import { useForest, keepWithin } from './answers.ts';
import { ask, client } from './client.ts';

/** A fork: the key of the step before it; null: before the task's first step. */
export interface ForkAsked {
  readonly key: NodeKey | null;
  /** Ways at most. */
  readonly shown: number;
}

/** Forks of a list. */
const MOST_SPLITS = 200;

export function useBeginning(task: number | null): UseQueryResult<DecisionWay> {
  const forest = useForest();
  return useQuery({
    queryKey: ['beginning', forest, task],
    queryFn: forest === null || task === null ? skipToken : () => ask((session) => session.beginning(task)),
  });
}

/** Looks at what is here already: undefined where a fork has not been asked for, or is on its way. */
export function useKnownForks(task: number | null): (key: NodeKey | null, shown: number) => ForkAnswer | null | undefined {
  const forest = useForest();
  return (key, shown) => client.getQueryData<ForkAnswer | null>(['fork', forest, task, key, shown]);
}

/** In the order asked for; undefined while an answer is on its way. */
export function useForksOf(task: number | null, asked: readonly ForkAsked[]): readonly UseQueryResult<ForkAnswer | null>[] {
  const forest = useForest();
  return useQueries({
    queries: asked.map(({ key, shown }) =>
      queryOptions<ForkAnswer | null>({
        queryKey: ['fork', forest, task, key, shown],
        queryFn: forest === null || task === null ? skipToken : () => ask((session) => session.fork(task, key, shown)),
        // The same fork with fewer ways, until more of them are here.
        placeholderData: (before) => (before?.task === task && before?.key === key ? before : undefined),
      }),
    ),
  });
}

/** @param task null: of the log */
export function useSplits(task: number | null): UseQueryResult<SplitsAnswer> {
  const forest = useForest();
  return useQuery({
    queryKey: ['splits', forest, task],
    queryFn: forest === null ? skipToken : () => ask((session) => session.splits(task, MOST_SPLITS)),
    placeholderData: keepWithin(forest),
  });
}

/** Steps that are waited for, answered by one question at the end of the current task. */
let waiting: { readonly key: NodeKey; readonly resolve: (text: StepText | null) => void; readonly reject: (why: unknown) => void }[] = [];

function stepText(key: NodeKey): Promise<StepText | null> {
  return new Promise((resolve, reject) => {
    waiting.push({ key, resolve, reject });
    if (waiting.length === 1) setTimeout(askForSteps);
  });
}

function askForSteps(): void {
  const mine = waiting;
  waiting = [];
  ask((session) => session.stepTexts(mine.map(({ key }) => key))).then(
    (texts) => mine.forEach(({ resolve }, at) => resolve(texts[at] ?? null)),
    (why: unknown) => mine.forEach(({ reject }) => reject(why)),
  );
}

/** Words of one step. null: the log has none. */
export function useStepText(key: NodeKey | null): UseQueryResult<StepText | null> {
  const forest = useForest();
  return useQuery<StepText | null>({
    queryKey: ['step-text', forest, key],
    queryFn: forest === null || key === null ? skipToken : () => stepText(key),
    gcTime: 300_000,
  });
}
