/** What the session says of the filter in force: which rollouts it takes, where its words stand, and how far looking has come. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { FilterMarks, RolloutHits, SearchProgress, Taken, WhereAnswer } from '../../engine/answers/searching.ts';
import { useChoices } from '../state/choices.ts';
import { keepWithin, useEpoch, useForest, useOrderId, useRestingBudget, useTask } from './answers.ts';
import type { Epoch } from './answers.ts';
import { ask, client } from './client.ts';
import { makeGate } from './latest.ts';

const PROGRESS = ['search-progress'] as const;
const marking = makeGate();

/** A filter that may ask what the cut makes of a rollout depends on the cut; one that names no such column does not. */
const ASKS_CUT = /kept|trained/;

export interface Where {
  /** Of the filter in force; while another is looked for, of the one before. Undefined: there is none, or nothing is known yet. */
  readonly answer: WhereAnswer | undefined;
  /** The answer is not of the filter in force yet. */
  readonly isBehind: boolean;
  readonly error: Error | null;
}

/** What the filter is asked with besides its text; null: nothing is to be asked. */
function useAsked(): {
  readonly text: string;
  readonly epoch: Epoch;
  readonly key: readonly unknown[];
  readonly cut: Parameters<typeof askWhere>[1];
} | null {
  const text = useChoices((s) => s.filter).trim();
  const epoch = useEpoch();
  const orderId = useOrderId();
  const budget = useRestingBudget();
  if (text === '' || epoch === null) return null;
  const cut = ASKS_CUT.test(text) && orderId !== undefined ? { orderId, budget } : null;
  return { text, cut, epoch, key: [epoch, text, cut] };
}

export function useWhere(): Where {
  const asked = useAsked();
  const { data, isPlaceholderData, error } = useQuery<WhereAnswer>({
    queryKey: ['where', ...(asked?.key ?? [])],
    queryFn: asked === null ? skipToken : ({ signal }) => askWhere(asked.text, asked.cut, signal),
    placeholderData: keepWithin(asked?.epoch ?? null),
  });
  return {
    answer: asked === null ? undefined : data,
    isBehind: asked !== null && (isPlaceholderData || data === undefined),
    error: asked === null ? null : error,
  };
}

/** How far the texts have been looked through; null: they are not. Only who shows it is told of each step. */
export function useSearchProgress(): SearchProgress | null {
  return useQuery<SearchProgress | null>({ queryKey: PROGRESS, queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

async function askWhere(
  text: string,
  cut: { readonly orderId: number; readonly budget: ReturnType<typeof useRestingBudget> } | null,
  signal: AbortSignal,
): Promise<WhereAnswer> {
  // Nobody waits for the words of an earlier filter.
  signal.addEventListener('abort', () => void ask((session) => session.stopSearch(text)));
  client.setQueryData(PROGRESS, null);
  const tell = (progress: SearchProgress | null): void => {
    if (!signal.aborted) client.setQueryData(PROGRESS, progress);
  };
  try {
    return await ask((session) => session.where(text, cut, tell));
  } finally {
    tell(null);
  }
}

/** What the filter takes; null: all, because there is none, it is at fault, or nothing is known of it yet. */
export function useTaken(): Taken | null {
  const { answer } = useWhere();
  return answer?.ok === true ? answer : null;
}

/** Gives up looking: the filter's box is emptied by whoever offers this. */
export function stopLooking(text: string): void {
  void ask((session) => session.stopSearch(text));
}

/** What the filter says of the nodes of the drawn task; null: nothing. */
export function useFilterMarks(): FilterMarks | null {
  const asked = useAsked();
  const { answer, isBehind } = useWhere();
  const task = useTask();
  const view = useChoices((s) => s.treeView);
  const isReady = asked !== null && task !== null && answer?.ok === true && !isBehind;
  const { data } = useQuery<FilterMarks | null>({
    queryKey: ['filter-marks', ...(asked?.key ?? []), task, view],
    queryFn: isReady
      ? ({ signal }) => marking.turn(signal, () => ask((session) => session.marks(asked.text, asked.cut, task, view)))
      : skipToken,
    gcTime: 10_000,
  });
  return asked === null ? null : (data ?? null);
}

/** Places of a rollout that are asked for at once: beyond them they are counted only. */
export const MOST_PLACES = 500;

const hitsQuery = (forest: string, text: string, rollout: number) => ({
  queryKey: ['hits', forest, text, rollout],
  queryFn: async (): Promise<RolloutHits | null> => (await ask((session) => session.search(text, [rollout], MOST_PLACES)))[0] ?? null,
  gcTime: 30_000,
});

/** The places of the filter's words in a rollout, by its index. */
export function useHits(rollout: number): RolloutHits | null | undefined {
  const forest = useForest();
  const text = useChoices((s) => s.filter).trim();
  const query = hitsQuery(forest ?? '', text, rollout);
  return useQuery<RolloutHits | null>({ ...query, queryFn: forest === null || text === '' ? skipToken : query.queryFn }).data;
}

/** The same, once. */
export function fetchHits(forest: string, text: string, rollout: number): Promise<RolloutHits | null> {
  return client.fetchQuery(hitsQuery(forest, text, rollout));
}
