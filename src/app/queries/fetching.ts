/** Fetching a log from an address (same origin, or a host that allows it): a command, run once for each address in the choices. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { MAX_STREAM_BYTES } from '../../base/bounds.ts';
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
  const { askFile, nameOf } = await import('../../platform/web/address-file.ts');
  const hosts = follow ? ['*'] : [url.origin];
  const how = { hosts, redirect: follow || isOwn ? 'follow' : 'manual', signal, isFollowed: isFollowed() } as const;
  const asked = await askFile(url, how, fetchFrom).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'Unreached') throw error;
    throw new Error(`Could not reach ${url.host}: it may be down, or it may not allow other pages to read from it (CORS).`);
  });
  if (asked.kind === 'redirect') throw new Redirected(`${url.host} answers with a redirect.`);
  const from = new URL(asked.from);
  if (asked.kind === 'here') return { path: nameOf(url), blob: asked.blob, from };
  if (asked.kind === 'ranges') return { path: nameOf(url), blob: asked.file, from, ...(isFollowed() && { growing: asked.file }) };
  const { answer } = asked;
  if (!answer.body) throw new Error(`Expected the file, found an answer without content from ${url.host}.`);
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
  return { path: nameOf(url), blob, from };
}

/** `?url=…&follow`: the file grows, and is read on as it does. */
function isFollowed(): boolean {
  return new URLSearchParams(location.search).has('follow');
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
    const { filesOfHub } = await import('./hub.ts');
    return { files: await filesOfHub(repository, signal, tell), moved: '' };
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
