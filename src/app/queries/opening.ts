/** Opening files: one query per request, its progress beside it in the cache. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { OpenProgress } from '../../engine/answers/opening.ts';
import { useChoices } from '../state/choices.ts';
import type { Opening } from '../state/choices.ts';
import { keepFiles } from '../state/kept-session.ts';
import { ask, client, forgetDeath } from './client.ts';

const key = {
  open: (id: number) => ['open', id] as const,
  progress: (id: number) => ['progress', id] as const,
  facts: (id: number) => ['facts', id] as const,
};

async function openAll(opening: Opening): Promise<DatasetFacts> {
  const { id, files, settings, origin } = opening;
  forgetDeath();
  const onProgress = (progress: OpenProgress): void => {
    client.setQueryData(key.progress(id), progress);
    if (progress.partial)
      void ask((session) => session.facts()).then(
        (facts) => client.setQueryData(key.facts(id), facts),
        () => undefined,
      );
  };
  const facts = await ask((session) => session.open(files, settings, onProgress)).catch(async (error: unknown) => {
    // A cancelled open keeps what was read: it stays browsable.
    if (!isAbort(error)) throw error;
    return ask((session) => session.facts());
  });
  if (facts.restored && opening.takesPruning) useChoices.getState().takePruning(facts.restored);
  client.setQueryData(key.facts(id), facts);
  await keepFiles({ origin, names: files.slice(0, 5).map((file) => file.path), count: files.length });
  return facts;
}

export const factsKey = key.facts;

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Runs the person's request; settled when every byte is read or the person cancelled. */
export function useOpen(): UseQueryResult<DatasetFacts> {
  const opening = useChoices((s) => s.opening);
  return useQuery({ queryKey: key.open(opening?.id ?? 0), queryFn: opening ? () => openAll(opening) : skipToken, gcTime: Infinity });
}

export function useProgress(): OpenProgress | undefined {
  const id = useChoices((s) => s.opening?.id ?? 0);
  return useQuery<OpenProgress>({ queryKey: key.progress(id), queryFn: skipToken }).data;
}

/** Facts of what can be browsed now: partial while reading goes on. */
export function useFacts(): DatasetFacts | undefined {
  const id = useChoices((s) => s.opening?.id ?? 0);
  return useQuery<DatasetFacts>({ queryKey: key.facts(id), queryFn: skipToken, gcTime: Infinity }).data;
}

export function cancelOpen(): void {
  void ask((session) => session.cancel('opening')).catch(() => undefined);
}
