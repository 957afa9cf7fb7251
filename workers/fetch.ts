/**
 * The other end of the fetch worker, for the page and for workers: fetches from other hosts than the page's own, where a person allowed
 * them. The only worker that is not started by `spawn.ts`, because those that are started there need it.
 */
import { wrap, type Remote } from 'comlink';
import { makeLifetime } from '../src/base/lifetime.ts';
import { bindWorkers, ownAddress } from '../src/platform/browser/bound-workers.ts';
import { fetchThrough, type Fetcher, type Lent } from '../src/platform/browser/elsewhere.ts';
import type { FetchFrom } from '../src/platform/web/fetch-from.ts';
import fetchWorker from './fetch.worker.ts?worker&url';

// ONNX Runtime starts threads by itself.
bindWorkers();

interface Held {
  readonly fetcher: Lent['fetcher'];
  readonly end: () => void;
  users: number;
}

const REST_MS = 2000;
const fetchers = new Map<string, Held>();

/** One fetch worker for each set of allowed hosts, for as long as something is fetched from them, and a moment longer. */
function lend(hosts: readonly string[]): Lent {
  const key = hosts.join(' ');
  const held = fetchers.get(key) ?? start(hosts, () => fetchers.delete(key));
  fetchers.set(key, held);
  held.users++;
  const rest = (): void => {
    if (held.users === 0) held.end();
  };
  // What is read by ranges asks again at once.
  return { fetcher: held.fetcher, giveBack: () => --held.users === 0 && setTimeout(rest, REST_MS) };
}

function start(hosts: readonly string[], onEnd: () => void): Held {
  const address = new URL(fetchWorker, import.meta.url);
  for (const host of hosts) address.searchParams.append('to', host);
  const worker = new Worker(ownAddress(address), { type: 'module', name: 'espalier fetch' });
  const remote: Remote<Fetcher> = wrap<Fetcher>(worker);
  const life = makeLifetime();
  const end = (): void => {
    onEnd();
    life.end(new Error('the worker that fetches ended'));
    worker.terminate();
  };
  worker.addEventListener('error', end);
  const fetcher: Lent['fetcher'] = {
    begin: (id, url, how) => life.during(remote.begin(id, url, how)),
    read: (id) => life.during(remote.read(id)),
    cancel: (id) => life.during(remote.cancel(id)),
  };
  return { fetcher, end, users: 0 };
}

export const fetchFrom: FetchFrom = fetchThrough(lend);
