/** Fetching a log from an address (same origin, or a host that allows it): a command, run once for each address in the choices. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { client } from './client.ts';

export interface FetchProgress {
  readonly bytes: number;
  /** null where the host does not say. */
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number;
}

/** Reads the body chunk by chunk; the chunks become one Blob without a copy of the whole in a string. */
async function fetchLog(address: string, signal: AbortSignal, onProgress: (progress: FetchProgress) => void): Promise<InputBlob> {
  const url = new URL(address, location.href);
  if (url.protocol !== 'https:' && url.protocol !== 'http:' && url.protocol !== 'blob:')
    throw new Error(`Expected an http or https address, found ${url.protocol}`);
  const answer = await fetch(url, { signal, credentials: 'omit' }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Error(
      `Could not reach ${url.host || 'the address'}: it may be down, or it may not allow other pages to read from it (CORS).`,
    );
  });
  if (!answer.ok || !answer.body) throw new Error(`Expected the file, found status ${answer.status} ${answer.statusText} from ${url.host}`);
  const length = Number(answer.headers.get('content-length'));
  // A compressed transfer states the compressed length, which says nothing of what arrives here.
  const totalBytes = length > 0 && !answer.headers.get('content-encoding') ? length : null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const started = performance.now();
  let bytes = 0;
  let told = started;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    const now = performance.now();
    if (now - told < 100) continue;
    told = now;
    onProgress({ bytes, totalBytes, bytesPerSecond: (bytes / (now - started)) * 1000 });
  }
  return { path: decodeURIComponent(url.pathname.split('/').at(-1) ?? '') || url.host, blob: new Blob(chunks) };
}

/** How a fetch stands. */
export interface FetchState {
  readonly progress: FetchProgress | null;
  readonly error: Error | null;
}

const STATE = ['fetch'] as const;
const BEGUN: FetchState = { progress: null, error: null };

/** From now on, an address in the choices is fetched and opened, once; the fetch ends when it is there no more. */
export function followAddress(): void {
  let running: AbortController | null = null;
  useChoices.subscribe(({ address }, before) => {
    if (address === before.address) return;
    running?.abort();
    running = address === null ? null : new AbortController();
    if (address !== null && running) void run(address, running.signal);
  });
}

async function run(address: string, signal: AbortSignal): Promise<void> {
  const tell = (state: FetchState): void => void client.setQueryData(STATE, state);
  tell(BEGUN);
  try {
    const file = await fetchLog(address, signal, (progress) => {
      if (!signal.aborted) tell({ progress, error: null });
    });
    if (!signal.aborted) useChoices.getState().open([file], { kind: 'address', address });
  } catch (error) {
    if (!signal.aborted) tell({ progress: null, error: error instanceof Error ? error : new Error(String(error)) });
  }
}

export function useFetch(): FetchState {
  return useQuery<FetchState>({ queryKey: STATE, queryFn: skipToken, gcTime: Infinity }).data ?? BEGUN;
}

export function cancelFetch(): void {
  useChoices.getState().fetchAddress(null);
}
