/** The one query cache, and the one session that fills it. */
import { QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { MAX_SILENT_SESSION_SECONDS, MAX_STOPPING_SECONDS } from '../../base/bounds.ts';
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
export async function ask<T>(question: (session: SessionHandle) => Promise<T>): Promise<T> {
  const asked = session();
  waiting++;
  listen(asked);
  try {
    return await question(asked);
  } finally {
    waiting--;
  }
}

/** Tells the session to stop something. One that does not hear it in time is stuck, and is ended. */
export async function askToStop(question: (session: SessionHandle) => Promise<unknown>): Promise<void> {
  const asked = session();
  if (await isAnswered(question(asked))) return;
  asked.dispose('it was told to stop, and did not answer');
}

/** For other files: a session that does not answer in time is replaced, which loses nothing that is still wanted. */
export async function leaveStuckSession(): Promise<void> {
  const asked = handle;
  if (asked === null || (await isAnswered(asked.ping()))) return;
  if (handle === asked) handle = null;
  asked.dispose('other files were opened');
}

async function isAnswered(answer: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), MAX_STOPPING_SECONDS * 1000);
  });
  const answered = answer.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

const SILENCE = ['session-silence'] as const;
const TICK_MS = 1000;
let waiting = 0;
let clock: ReturnType<typeof setInterval> | null = null;

/** While somebody waits for an answer, the session is asked every second whether it still answers. */
function listen(asked: SessionHandle): void {
  if (clock !== null) return;
  let silent = 0;
  let isAsked = false;
  const stop = (): void => {
    if (clock !== null) clearInterval(clock);
    clock = null;
    client.setQueryData(SILENCE, null);
  };
  clock = setInterval(() => {
    if (waiting === 0 || handle !== asked) return stop();
    if (isAsked) {
      silent++;
      if (silent >= MAX_SILENT_SESSION_SECONDS) client.setQueryData(SILENCE, silent);
      return;
    }
    isAsked = true;
    void asked.ping().then(() => {
      isAsked = false;
      if (silent >= MAX_SILENT_SESSION_SECONDS) client.setQueryData(SILENCE, null);
      silent = 0;
    });
  }, TICK_MS);
}

/** Seconds for which the session has answered nothing, where they are many. */
export function useSessionSilence(): number | null {
  return useQuery<number | null>({ queryKey: SILENCE, queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

/** Why the session worker died, in its own words; null while it lives. */
export function useSessionDeath(): string | null {
  return useQuery<string | null>({ queryKey: DEATH, queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

/** A new opening needs no memory of an earlier death. */
export function forgetDeath(): void {
  client.setQueryData(DEATH, null);
}
