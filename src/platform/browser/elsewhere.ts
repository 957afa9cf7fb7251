/**
 * Fetching. From the page's own host directly; from others by a worker that does nothing else, because the policy of the page and of
 * all other workers lets nothing out. That worker is told at its start which hosts a person allowed, and asks no other.
 */

import { isAllowed, type Fetched, type FetchFrom, type FetchHow } from '../web/fetch-from.ts';

/** Nothing that tells who asks goes with a request. */
export const directly: FetchFrom = async (url, { method = 'GET', body, redirect, signal, headers = {}, isFresh = false }) => {
  const cache = isFresh ? 'no-store' : 'default';
  const how = { signal, headers, cache, credentials: 'omit', referrerPolicy: 'no-referrer' } as const;
  const asks = body === undefined ? ({ method, redirect } as const) : ({ method: 'POST', body, redirect: 'manual' } as const);
  const answer = await fetch(url, { ...how, ...asks });
  return { answer, from: answer.url || url.href, isRedirect: answer.type === 'opaqueredirect' };
};

/** What the worker is asked, in the shape that crosses threads. */
export interface Fetcher {
  begin(id: number, url: string, how: Omit<FetchHow, 'hosts' | 'signal'>): Promise<FetchedHead>;
  /** The next bytes; null at the end. */
  read(id: number): Promise<Uint8Array<ArrayBuffer> | null>;
  cancel(id: number): void;
}

interface FetchedHead extends Omit<Fetched, 'answer'> {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly hasBody: boolean;
}

/** The worker's side. */
export function makeFetcher(hosts: readonly string[]): Fetcher {
  const endings = new Map<number, AbortController>();
  const bodies = new Map<number, ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>>();
  const check = (url: string): void => {
    if (!isAllowed(new URL(url), hosts)) throw new Error(`${new URL(url).host} was not allowed, so nothing of its answer is taken`);
  };
  return {
    async begin(id, url, how) {
      check(url);
      const ending = new AbortController();
      endings.set(id, ending);
      const { answer, from, isRedirect } = await directly(new URL(url), { ...how, signal: ending.signal, hosts });
      check(from);
      if (answer.body) bodies.set(id, answer.body.getReader());
      const { status, statusText, headers } = answer;
      return { status, statusText, headers: [...headers], hasBody: answer.body !== null, from, isRedirect };
    },
    async read(id) {
      const chunk = await bodies.get(id)?.read();
      return chunk?.value ?? null;
    },
    cancel(id) {
      endings.get(id)?.abort();
      endings.delete(id);
      bodies.delete(id);
    },
  };
}

/** A fetcher that is lent until it is given back. */
export interface Lent {
  readonly fetcher: { readonly [V in keyof Fetcher]: (...args: Parameters<Fetcher[V]>) => Promise<Awaited<ReturnType<Fetcher[V]>>> };
  readonly giveBack: () => void;
}

/** The asking side. */
export function fetchThrough(lend: (hosts: readonly string[]) => Lent): FetchFrom {
  let last = 0;
  return async (url, how) => {
    const { hosts, signal, ...rest } = how;
    if (url.origin === globalThis.origin) return directly(url, how);
    signal.throwIfAborted();
    const id = ++last;
    const { fetcher, giveBack } = lend(hosts);
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', end);
      void fetcher.cancel(id).catch(() => undefined);
      giveBack();
    };
    signal.addEventListener('abort', end);
    const during = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        end();
        signal.throwIfAborted();
        // Across threads an error keeps its name, but not its class.
        throw error instanceof Error && error.name === 'TypeError' ? new TypeError(error.message, { cause: error }) : error;
      }
    };
    const head = await during(fetcher.begin(id, url.href, rest));
    const { status, statusText, headers, hasBody, from, isRedirect } = head;
    if (!hasBody) end();
    const source: UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> = {
      async pull(controller) {
        const chunk = await during(fetcher.read(id));
        if (chunk) return controller.enqueue(chunk);
        end();
        controller.close();
      },
      cancel: end,
    };
    // What is read ahead is lost where the connection is.
    const body = new ReadableStream(source, { highWaterMark: 0 });
    // A redirect that is not followed has no status that an answer may have.
    const init = {
      status: isRedirect ? 200 : status,
      statusText,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
    };
    return { answer: new Response(hasBody ? body : null, init), from, isRedirect };
  };
}
