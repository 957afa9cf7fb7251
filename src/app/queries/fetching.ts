/** Fetching a log from an address (same origin, or a host that allows it), with progress and cancel. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
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

export function useFetchedLog(): { readonly query: UseQueryResult<InputBlob>; readonly progress: FetchProgress | undefined } {
  const address = useChoices((s) => s.address);
  const query = useQuery({
    queryKey: ['fetch', address],
    queryFn:
      address === null
        ? skipToken
        : async ({ signal }) => {
            const file = await fetchLog(address, signal, (progress) => client.setQueryData(['fetch-progress', address], progress));
            useChoices.getState().open([file], { kind: 'address', address });
            return file;
          },
    gcTime: 0,
  });
  const { data: progress } = useQuery<FetchProgress>({ queryKey: ['fetch-progress', address], queryFn: skipToken });
  return { query, progress };
}

export function cancelFetch(): void {
  const { address, fetchAddress } = useChoices.getState();
  fetchAddress(null);
  void client.cancelQueries({ queryKey: ['fetch', address] });
}
