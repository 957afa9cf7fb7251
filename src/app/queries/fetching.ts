/** Fetching a log from an address (same origin, or a host that allows it): a command, run once for each address in the choices. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { MAX_STREAM_BYTES } from '../../base/bounds.ts';
import type { RangeFile } from '../../core/source/range-file.ts';
import { collectBlob } from '../../platform/browser/collect.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { client } from './client.ts';
import { hubOf } from './hub-of.ts';

export interface FetchProgress {
  readonly bytes: number;
  /** null where the host does not say. */
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number;
  /** Why all of it comes before anything is open; empty: it may be short, or this page's own. */
  readonly label: string;
}

/** An address that leads elsewhere. Browsers do not say where to before it is followed, so a person is asked. */
class Redirected extends Error {}

/** A file up to here is fetched whole; of a longer one this comes first, and tells whether its host answers ranges. */
const FIRST_BYTES = 1 << 20;

interface FetchedLog extends InputBlob {
  readonly from: URL;
}

/** By ranges where the host answers them, else the body chunk by chunk into one Blob, without a copy of the whole in memory. */
async function fetchLog(
  url: URL,
  follow: boolean,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
): Promise<FetchedLog> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`Expected an http or https address, found ${url.protocol}`);
  const isOwn = url.origin === location.origin;
  const hosts = follow ? ['*'] : [url.origin];
  const get = (headers: Readonly<Record<string, string>>) =>
    fetchFrom(url, { hosts, redirect: follow || isOwn ? 'follow' : 'manual', signal, headers }).catch((error: unknown) => {
      if (signal.aborted || !(error instanceof TypeError)) throw error;
      throw new Error(`Could not reach ${url.host}: it may be down, or it may not allow other pages to read from it (CORS).`);
    });
  let fetched = await get({ Range: `bytes=0-${FIRST_BYTES - 1}` });
  if (fetched.isRedirect) throw new Redirected(`${url.host} answers with a redirect.`);
  const answersRanges = fetched.answer.status === 206 && !fetched.answer.headers.has('content-encoding');
  if (answersRanges) {
    const found = await rangesOf(url, hosts, fetched.answer);
    const from = new URL(fetched.from);
    if (found !== null)
      return { path: nameOf(url), blob: found, from, ...(isFollowed() && !(found instanceof Blob) && { growing: found }) };
  }
  // What is empty has no range, and some hosts do not say of what a range is a part.
  if (fetched.answer.status === 206 || fetched.answer.status === 416) {
    void fetched.answer.body?.cancel();
    fetched = await get({});
  }
  const { answer, from } = fetched;
  if (!answer.ok || !answer.body) throw new Error(`Expected the file, found status ${answer.status} ${answer.statusText} from ${url.host}`);
  const length = Number(answer.headers.get('content-length'));
  // A compressed transfer states the compressed length, which says nothing of what arrives here.
  const totalBytes = length > 0 && !answer.headers.get('content-encoding') ? length : null;
  const label = isOwn ? '' : `${url.host} does not answer ranges: the file is downloaded whole`;
  const started = performance.now();
  let told = started;
  // One that states its length ends there.
  const blob = await collectBlob(answer.body, totalBytes ?? MAX_STREAM_BYTES, (bytes) => {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    onProgress({ bytes, totalBytes, bytesPerSecond: (bytes / (now - started)) * 1000, label });
  });
  const bound = MAX_STREAM_BYTES.toLocaleString('en');
  if (blob === null) throw new Error(`Expected at most ${bound} bytes where no length is stated, found more at ${url.host}.`);
  return { path: nameOf(url), blob, from: new URL(from) };
}

/** A short file whole, a longer one as it is read by ranges; null: its host does not say how long it is. */
async function rangesOf(url: URL, hosts: readonly string[], first: Response): Promise<Blob | RangeFile | null> {
  const { sizeOf, stateNow, tagOf } = await import('../../platform/browser/range-source.ts');
  const file: RangeFile = { address: url.href, size: 0, tag: tagOf(first), hosts };
  const size = sizeOf(first) ?? (await stateNow(file, fetchFrom).catch(() => null))?.byteLength ?? null;
  if (size !== null && size <= FIRST_BYTES && !isFollowed()) {
    const blob = await first.blob();
    if (blob.size === size) return blob;
    // More than all of it: what was said of its length is wrong.
    return blob.size > size ? null : { ...file, size };
  }
  void first.body?.cancel();
  return size === null ? null : { ...file, size };
}

/** `?url=…&follow`: the file grows, and is read on as it does. */
function isFollowed(): boolean {
  return new URLSearchParams(location.search).has('follow');
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
  /** A hub shows nothing without a token: `fetchWithToken` goes on. */
  readonly needsToken: boolean;
}

const STATE = ['fetch'] as const;
const BEGUN: FetchState = { progress: null, error: null, isRedirect: false, needsToken: false };

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

/** Once a person has given one: it is kept in memory only. */
export async function fetchWithToken(token: string): Promise<void> {
  const { address } = useChoices.getState();
  if (address === null) return;
  const { setToken } = await import('./hub.ts');
  const repository = hubOf(address);
  if (repository === null) return;
  setToken(repository, token);
  running?.abort();
  start(address, false);
}

function start(address: string, follow: boolean): void {
  running = new AbortController();
  void run(address, follow, running.signal);
}

async function run(address: string, follow: boolean, signal: AbortSignal): Promise<void> {
  const tell = (state: Partial<FetchState>): void => void client.setQueryData(STATE, { ...BEGUN, ...state });
  tell({});
  try {
    const { files, moved } = await fetchAll(address, follow, signal, (progress) => {
      if (!signal.aborted) tell({ progress });
    });
    if (signal.aborted) return;
    const { bring } = await import('./incoming.ts');
    const problem = await bring(files, { kind: 'address', address }, {});
    useChoices.getState().fetchAddress(null);
    const notice = [moved, problem].filter(Boolean).join(' ');
    if (notice !== '') useChoices.getState().set({ notice });
  } catch (error) {
    if (signal.aborted) return;
    tell({
      error: error instanceof Error ? error : new Error(String(error)),
      isRedirect: error instanceof Redirected,
      needsToken: isToken(error),
    });
  }
}

function isToken(error: unknown): boolean {
  return error instanceof Error && error.name === 'NeedsToken';
}

/** @returns with a sentence where another host answered in the end */
async function fetchAll(
  address: string,
  follow: boolean,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
): Promise<{ readonly files: readonly InputBlob[]; readonly moved: string }> {
  const repository = hubOf(address);
  if (repository !== null) {
    const tell = (files: number): void =>
      onProgress({ bytes: 0, totalBytes: null, bytesPerSecond: 0, label: `${files.toLocaleString('en')} files are listed` });
    const { hubRepository } = await import('./hub.ts');
    return { files: await hubRepository(repository, signal, tell), moved: '' };
  }
  if (!URL.canParse(address, location.href)) throw new Error(`Expected an http or https address, found ${address.slice(0, 200)}`);
  const asked = new URL(address, location.href);
  const { from, ...file } = await fetchLog(asked, follow, signal, onProgress);
  return { files: [file], moved: from.host === asked.host ? '' : `${asked.host} sent the request on to ${from.host}.` };
}

export function useFetch(): FetchState {
  return useQuery<FetchState>({ queryKey: STATE, queryFn: skipToken, gcTime: Infinity }).data ?? BEGUN;
}

export function cancelFetch(): void {
  useChoices.getState().fetchAddress(null);
}
