/** The conversation of the selected rollout: its columns at once, its text, forks and tokens as they come into view. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type {
  TokenAlternatives,
  Transcript,
  TranscriptBody,
  TranscriptFork,
  TranscriptState,
  TranscriptTokens,
} from '../../engine/answers/transcript.ts';
import { useChoices } from '../state/choices.ts';
import { useTranscriptChoices } from '../state/transcript.ts';
import { keepWithin, useBudget, useEpoch, useForest, useOrderId, useRestingBudget, useTask } from './answers.ts';
import { ask, client } from './client.ts';
import { makeGate } from './latest.ts';
import { useRollouts } from './rollouts.ts';

const states = makeGate();

/** The rollout that is read: the selected one, else the first of the task in force; null before there is any. */
export function useReadRollout(): RolloutKey | null {
  const chosen = useChoices((s) => s.rollout);
  const task = useTask();
  const rollouts = useRollouts();
  return useMemo(() => {
    if (chosen !== null) return chosen;
    const first = task === null ? -1 : (rollouts?.task.indexOf(task) ?? -1);
    return rollouts?.keys[first] ?? null;
  }, [chosen, task, rollouts]);
}

/** null: the open log has no such rollout. */
export function useTranscript(): UseQueryResult<Transcript | null> {
  const forest = useForest();
  const key = useReadRollout();
  const branch = useTranscriptChoices((s) => s.branch);
  return useQuery<Transcript | null>({
    queryKey: ['transcript', forest, key, branch],
    queryFn:
      forest === null || key === null
        ? skipToken
        : async () => {
            const found = await ask((session) => session.transcript(key, branch, useChoices.getState().node));
            if (branch !== null || found === null) return found;
            // Which branch it is stays, whatever is selected in it.
            client.setQueryData(['transcript', forest, key, found.branch], found);
            if (useChoices.getState().rollout === key) useTranscriptChoices.setState({ branch: found.branch });
            return found;
          },
    gcTime: 5_000,
  });
}

/** Kept and trained, following the slider. */
export function useTranscriptState({ key, branch }: Transcript): TranscriptState | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useBudget();
  return (
    useQuery<TranscriptState | null>({
      queryKey: ['transcript-state', epoch, id, budget, key, branch],
      queryFn:
        id === undefined
          ? skipToken
          : ({ signal }) => states.turn(signal, () => ask((session) => session.transcriptState(id, budget, key, branch))),
      placeholderData: (data, before) =>
        before?.queryKey[4] === key && before.queryKey[5] === branch ? keepWithin(epoch)(data, before) : undefined,
      gcTime: 2_000,
    }).data ?? undefined
  );
}

interface Wanted {
  readonly part: number;
  readonly chunk: number;
  readonly done: (body: TranscriptBody) => void;
  readonly failed: (error: unknown) => void;
}

/** Bodies asked for in one task of the page go to the session in one question. */
const waiting = new Map<string, Wanted[]>();

function askBody(key: RolloutKey, branch: number, part: number, chunk: number): Promise<TranscriptBody> {
  return new Promise((done, failed) => {
    const name = `${key}.${branch}`;
    const others = waiting.get(name);
    if (others) {
      others.push({ part, chunk, done, failed });
      return;
    }
    const mine: Wanted[] = [{ part, chunk, done, failed }];
    waiting.set(name, mine);
    setTimeout(() => {
      waiting.delete(name);
      const asked = mine.map(({ part: row, chunk: piece }) => ({ part: row, chunk: piece }));
      ask((session) => session.transcriptBodies(key, branch, asked)).then(
        (bodies) =>
          mine.forEach((one, i) =>
            bodies[i] === undefined ? one.failed(new Error('the session answered less than was asked for')) : one.done(bodies[i]),
          ),
        (error: unknown) => mine.forEach((one) => one.failed(error)),
      );
    });
  });
}

/** @param forest as `useForest` names it: asked for once by the list, and not by each of its rows */
export function useBody(forest: string | null, { key, branch }: Transcript, part: number, chunk: number): UseQueryResult<TranscriptBody> {
  return useQuery<TranscriptBody>({
    queryKey: ['transcript-body', forest, key, branch, part, chunk],
    queryFn: () => askBody(key, branch, part, chunk),
    gcTime: 20_000,
  });
}

/** All of a body, for a copy of it. */
export async function wholeBody({ key, branch }: Transcript, part: number): Promise<string> {
  const [first] = await ask((session) => session.transcriptBodies(key, branch, [{ part, chunk: 0 }]));
  const rest = Array.from({ length: (first?.chunks ?? 1) - 1 }, (_, i) => ({ part, chunk: i + 1 }));
  const bodies = await ask((session) => session.transcriptBodies(key, branch, rest));
  return [first, ...bodies].map((body) => body?.text ?? '').join('');
}

/** Forks asked for at a time. */
const FORK_PAGE = 16;

/** @param index among the transcript's forks; null: none is wanted */
export function useFork({ key, branch }: Transcript, index: number | null): TranscriptFork | undefined {
  const forest = useForest();
  const page = index === null ? 0 : Math.floor(index / FORK_PAGE);
  const { data } = useQuery<readonly TranscriptFork[]>({
    queryKey: ['transcript-forks', forest, key, branch, page],
    queryFn: index === null ? skipToken : () => ask((session) => session.transcriptForks(key, branch, page * FORK_PAGE, FORK_PAGE)),
    gcTime: 20_000,
  });
  return index === null ? undefined : data?.[index % FORK_PAGE];
}

/** Tokens [from, to) with their weights, once a drag has come to rest. */
export function useTranscriptTokens({ key, branch }: Transcript, from: number, to: number): UseQueryResult<TranscriptTokens | null> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<TranscriptTokens | null>({
    queryKey: ['transcript-tokens', epoch, id, budget, key, branch, from, to],
    queryFn: () => ask((session) => session.transcriptTokens(key, branch, from, to, id === undefined ? null : { orderId: id, budget })),
    placeholderData: (data, before) => (before?.queryKey[6] === from && before.queryKey[4] === key ? data : undefined),
    gcTime: 5_000,
  });
}

const alternatives = makeGate();

/** What else was likely at a token; null: the log does not say. @param token of the trajectory; null: none is looked at */
export function useAlternatives({ key, branch }: Transcript, token: number | null): TokenAlternatives | null {
  const forest = useForest();
  const { data } = useQuery<TokenAlternatives | null>({
    queryKey: ['token-alternatives', forest, key, branch, token],
    queryFn:
      token === null
        ? skipToken
        : ({ signal }) => alternatives.turn(signal, () => ask((session) => session.transcriptAlternatives(key, branch, token))),
    gcTime: 20_000,
  });
  return data ?? null;
}
