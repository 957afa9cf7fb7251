/**
 * What the service worker does: keeps the page's own files, so that it opens without a network, and nothing else. Every file but the
 * first page has a name of its own for each content; so files of two versions can be kept beside each other.
 */

/** Files by their path below the page, from the build (`scripts/offline-files.mjs`). */
export interface AppFiles {
  /** Changes where any file does. */
  readonly version: string;
  /** Kept at once: what opening, pruning and exporting a log need. */
  readonly first: readonly string[];
  /** Kept once they were used: models, runtimes and samples. */
  readonly later: readonly string[];
}

/** The members of `ServiceWorkerGlobalScope` that are used: its types and those of a page cannot be had together. */
export interface ServiceScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listen: (event: { waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'message', listen: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'fetch', listen: (event: FetchTold) => void): void;
}

interface FetchTold {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

/** What a page says to a version that waits. A type, because the service worker is one file and shares no module with the page. */
export type TakeOver = 'take over';
const TAKE_OVER: TakeOver = 'take over';
/** Caches of this page's: others of the same host are left alone. */
const CACHE_PREFIX = 'espalier-files-';

/** Path below the scope of what may be answered from the cache; null: the network's business. */
function ownPath(scope: string, request: Pick<Request, 'method' | 'url' | 'headers'>): string | null {
  if (request.method !== 'GET' || request.headers.has('range') || !request.url.startsWith(scope)) return null;
  const path = request.url.slice(scope.length).replace(/#.*$/, '');
  // The policy of the fetch worker depends on what follows the question mark.
  return path.includes('?') ? null : path;
}

/** Answers a scope's events from now on. */
export function serveOffline(scope: ServiceScope, files: AppFiles): void {
  const base = scope.registration.scope;
  const name = CACHE_PREFIX + files.version;
  const first = new Set(files.first);
  const known = new Set([...first, ...files.later]);

  /** The cached file, else that of the network, which is kept. A cache that fails is as good as an empty one. */
  async function cached(request: Request, keep: (work: Promise<unknown>) => void): Promise<Response> {
    const found = await caches.match(request.url).catch(() => undefined);
    if (found) return found;
    const answer = await fetch(request);
    const copy = answer.status === 200 && answer.type === 'basic' ? answer.clone() : null;
    if (copy) keep(quietly(caches.open(name).then((cache) => cache.put(request.url, copy))));
    return answer;
  }

  /** The network's page while there is one, so that another program at this address is never hidden by what was kept of this one. */
  async function page(request: Request): Promise<Response> {
    try {
      return await fetch(request);
    } catch (error) {
      const kept = await caches.open(name).then((cache) => cache.match(base));
      if (kept) return kept;
      throw error;
    }
  }

  scope.addEventListener('install', (event) => {
    const requests = [base, ...files.first.map((path) => base + path)].map((address) => new Request(address, { cache: 'no-cache' }));
    event.waitUntil(caches.open(name).then((cache) => cache.addAll(requests)));
  });
  scope.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([scope.clients.claim(), quietly(forgetOthers(name))]));
  });
  scope.addEventListener('message', ({ data }) => void (data === TAKE_OVER && scope.skipWaiting()));
  scope.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.mode === 'navigate') {
      // Whatever a link says behind the question mark, the page is the same.
      if (request.url.replace(/[?#].*$/, '').replace(/index\.html$/, '') === base) event.respondWith(page(request));
      return;
    }
    const path = ownPath(base, request);
    if (path !== null && known.has(path)) event.respondWith(cached(request, (work) => event.waitUntil(work)));
  });
}

/** The caches of earlier versions, but for the newest of them: a tab that still shows it may ask for a part it has not loaded yet. */
async function forgetOthers(mine: string): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX) && name !== mine);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
