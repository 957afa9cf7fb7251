/** The one query cache, and the one session that fills it. */
import { QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { spawnSession } from '../../../workers/spawn.ts';
import type { SessionHandle } from '../../../workers/spawn.ts';

/** Answers never go stale by themselves: their keys name everything they depend on. */
export const client = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity, gcTime: 60_000, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' } },
});

const DEATH = ['session-death'] as const;
let handle: SessionHandle | null = null;

/** The session worker, started at the first question. */
export function session(): SessionHandle {
  if (handle) return handle;
  const started = spawnSession();
  handle = started;
  void started.died.then((why) => {
    if (handle === started) client.setQueryData(DEATH, why);
  });
  return started;
}

/** Why the session worker died, in its own words; undefined while it lives. */
export function useSessionDeath(): string | undefined {
  return useQuery<string>({ queryKey: DEATH, queryFn: skipToken, gcTime: Infinity }).data;
}

/** Ends the worker and forgets its answers; the next question starts a fresh one. */
export function endSession(): void {
  handle?.dispose();
  handle = null;
  client.clear();
}
