/** Fetching a log from an address (same origin, or a host that allows it): a command, run once for each address in the choices. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { MAX_STREAM_BYTES } from '../../base/bounds.ts';
import { collectBlob } from '../../platform/browser/collect.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { client } from './client.ts';

export interface FetchProgress {
  readonly bytes: number;
  /** null where the host does not say. */
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number;
}

/** An address that leads elsewhere. Browsers do not say where to before it is followed, so a person is asked. */
class Redirected extends Error {}

/** Reads the body chunk by chunk into one Blob, without a copy of the whole in memory. */
async function fetchLog(
  url: URL,
  follow: boolean,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
): Promise<InputBlob & { readonly from: URL }> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`Expected an http or https address, found ${url.protocol}`);
  const isOwn = url.origin === location.origin;
  const how = { hosts: follow ? ['*'] : [url.origin], redirect: follow || isOwn ? 'follow' : 'manual', signal } as const;
  const { answer, from, isRedirect } = await fetchFrom(url, how).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof TypeError)) throw error;
    throw new Error(`Could not reach ${url.host}: it may be down, or it may not allow other pages to read from it (CORS).`);
  });
  if (isRedirect) throw new Redirected(`${url.host} answers with a redirect.`);
  if (!answer.ok || !answer.body) throw new Error(`Expected the file, found status ${answer.status} ${answer.statusText} from ${url.host}`);
  const length = Number(answer.headers.get('content-length'));
  // A compressed transfer states the compressed length, which says nothing of what arrives here.
  const totalBytes = length > 0 && !answer.headers.get('content-encoding') ? length : null;
  const started = performance.now();
  let told = started;
  // One that states its length ends there.
  const blob = await collectBlob(answer.body, totalBytes ?? MAX_STREAM_BYTES, (bytes) => {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    onProgress({ bytes, totalBytes, bytesPerSecond: (bytes / (now - started)) * 1000 });
  });
  const bound = MAX_STREAM_BYTES.toLocaleString('en');
  if (blob === null) throw new Error(`Expected at most ${bound} bytes where no length is stated, found more at ${url.host}.`);
  return { path: nameOf(url), blob, from: new URL(from) };
}

/** The last step of the path, else the host; a step that is no text stays as it is spelt. */
function nameOf({ pathname, host }: URL): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || host;
  } catch {
    return last;
  }
}

/** How a fetch stands. */
export interface FetchState {
  readonly progress: FetchProgress | null;
  readonly error: Error | null;
  /** It stopped at a redirect: `followRedirect` goes on. */
  readonly isRedirect: boolean;
}

const STATE = ['fetch'] as const;
const BEGUN: FetchState = { progress: null, error: null, isRedirect: false };

let running: AbortController | null = null;

/** From now on, an address in the choices is fetched and opened, once; the fetch ends when it is there no more. */
export function followAddress(): void {
  useChoices.subscribe(({ address }, before) => {
    if (address === before.address) return;
    running?.abort();
    if (address !== null) start(address, false);
  });
}

/** Once a person has said so: the address is asked again, and where it leads to is asked too. */
export function followRedirect(): void {
  const { address } = useChoices.getState();
  running?.abort();
  if (address !== null) start(address, true);
}

function start(address: string, follow: boolean): void {
  running = new AbortController();
  void run(address, follow, running.signal);
}

async function run(address: string, follow: boolean, signal: AbortSignal): Promise<void> {
  const tell = (state: Partial<FetchState>): void => void client.setQueryData(STATE, { ...BEGUN, ...state });
  tell({});
  try {
    if (!URL.canParse(address, location.href)) throw new Error(`Expected an http or https address, found ${address.slice(0, 200)}`);
    const asked = new URL(address, location.href);
    const { from, ...file } = await fetchLog(asked, follow, signal, (progress) => {
      if (!signal.aborted) tell({ progress });
    });
    if (signal.aborted) return;
    const { bring } = await import('./incoming.ts');
    const problem = await bring([file], { kind: 'address', address }, {});
    useChoices.getState().fetchAddress(null);
    const moved = from.host === asked.host ? '' : `${asked.host} sent the request on to ${from.host}.`;
    const notice = [moved, problem].filter(Boolean).join(' ');
    if (notice !== '') useChoices.getState().set({ notice });
  } catch (error) {
    if (signal.aborted) return;
    tell({ error: error instanceof Error ? error : new Error(String(error)), isRedirect: error instanceof Redirected });
  }
}

export function useFetch(): FetchState {
  return useQuery<FetchState>({ queryKey: STATE, queryFn: skipToken, gcTime: Infinity }).data ?? BEGUN;
}

export function cancelFetch(): void {
  useChoices.getState().fetchAddress(null);
}
