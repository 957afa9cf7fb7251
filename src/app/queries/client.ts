/** The one query cache, and the one session that fills it. */
import { QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { spawnSession } from '../../../workers/spawn.ts';
import type { SessionHandle } from '../../../workers/spawn.ts';

/** Answers never go stale by themselves: their keys name everything they depend on. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
    },
  },
});

const DEATH = ['session-death'] as const;
let handle: SessionHandle | null = null;

/** The session worker, started at the first question; after a death the next question starts a fresh one. */
function session(): SessionHandle {
  if (handle) return handle;
  const started = spawnSession();
  handle = started;
  void started.died.then((why) => {
    if (handle !== started) return;
    handle = null;
    started.dispose();
    client.setQueryData(DEATH, why);
  });
  return started;
}

/** Asks the session. Rejects when the worker dies before it has answered: nothing waits for the dead. */
export function ask<T>(question: (session: SessionHandle) => Promise<T>): Promise<T> {
  return question(session());
}

/** Why the session worker died, in its own words; null while it lives. */
export function useSessionDeath(): string | null {
  return useQuery<string | null>({ queryKey: DEATH, queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

/** A new opening needs no memory of an earlier death. */
export function forgetDeath(): void {
  client.setQueryData(DEATH, null);
}
