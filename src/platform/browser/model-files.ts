/** Model folders in the page: the bundled one, dropped files, and addresses, whose files are kept in the origin's private file system. */
import { hubFiles, keptListing } from '../../engine/score/hub-listing.ts';
import type { ListedFile } from '../../engine/score/model-config.ts';
import type { ModelFolder } from '../../engine/score/model-folder.ts';
import type { ModelChoice } from '../../engine/score/model-choice.ts';
import type { Fetched, FetchFrom } from '../web/fetch-from.ts';
import { directly } from './elsewhere.ts';
import { modelAddress, type ModelAddress } from './model-address.ts';
import { download } from './download.ts';
import { openModelStore, type ModelStore } from './model-store.ts';

/** @param bundled address of the folder of the model that ships with the workbench, ending in "/" */
export async function openModel(
  choice: ModelChoice,
  bundled: string,
  signal: AbortSignal,
  fetchFrom: FetchFrom = directly,
): Promise<ModelFolder> {
  if (choice.kind === 'bundled') {
    const at = asking(modelAddress(bundled), fetchFrom);
    return remoteFolder(at, await reached(at.folder, sizesOf(at, BUNDLED_FILES, signal), signal), null);
  }
  if (choice.kind === 'url') return openAddress(asking(modelAddress(choice.url), fetchFrom), signal);
  if (choice.kind === 'files') return droppedFolder(choice.name, choice.files);
  throw new Error(`expected a model as files or address, found ${choice.kind}`);
}

/** An address with the way to ask it for a file. */
interface Asking extends ModelAddress {
  readonly ask: (
    path: string,
    method: 'GET' | 'HEAD',
    signal: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
}

function asking(at: ModelAddress, fetchFrom: FetchFrom): Asking {
  const { folder, listing, hosts } = at;
  // The hub's redirects lead to hosts that are allowed with it; where another server's would lead, nobody can say before they are followed.
  const isElsewhere = new URL(folder).origin !== globalThis.origin;
  const redirect = listing === null && isElsewhere ? 'manual' : 'follow';
  return {
    ...at,
    // Not into the browser's own cache as well: files are kept here, and it answers for parts of files that were cut.
    ask: async (path, method, signal, headers = {}) =>
      answerOf(
        await fetchFrom(new URL(path, folder), { method, hosts, redirect, signal, headers, isFresh: isElsewhere && method === 'GET' }),
        folder,
      ),
  };
}

function answerOf({ answer, isRedirect }: Fetched, folder: string): Response {
  if (!isRedirect) return answer;
  const { host } = new URL(folder);
  throw new Error(`${host} answers with a redirect, and browsers do not say to where; give the address that it leads to`);
}

/** Once a graph has been downloaded from an address, its server is asked for nothing that is here already, the list of files included. */
async function openAddress(at: Asking, signal: AbortSignal): Promise<ModelFolder> {
  const store = await openModelStore();
  const before = store && (await keptFiles(store, at.folder));
  if (before?.some(({ path, kept }) => kept === true && path.endsWith('.onnx'))) return remoteFolder(at, before, store);
  const files = await reached(at.folder, at.listing === null ? probe(at, signal) : askHub(at, at.listing, signal), signal);
  if (files.length > 0) await store?.write(listKey(at.folder), new TextEncoder().encode(JSON.stringify(files)));
  return remoteFolder(at, (store && (await keptFiles(store, at.folder))) ?? files, store);
}

/** Removes what was kept of a model's address, so that its server is asked anew. */
export async function forgetModel(address: string): Promise<void> {
  const { folder } = modelAddress(address);
  const store = await openModelStore();
  if (!store) return;
  for (const { path } of (await keptFiles(store, folder)) ?? []) await store.forget(new URL(path, folder).href);
  await store.forget(listKey(folder));
}

const listKey = (folder: string): string => `${folder}#files`;

/** The files of an address as they were listed last, and which of them are here; null where it was never listed. */
async function keptFiles(store: ModelStore, folder: string): Promise<ListedFile[] | null> {
  const bytes = await store.read(listKey(folder));
  const files = bytes && keptListing(JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  if (!files) return null;
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file.path, folder).href;
      const { bytes: here } = await store.begun(url);
      return { ...file, kept: await store.has(url), ...(here > 0 && { here }) };
    }),
  );
}

function droppedFolder(name: string, files: readonly { readonly path: string; readonly blob: unknown }[]): ModelFolder {
  const blobs = new Map<string, Blob>();
  for (const { path, blob } of files) if (blob instanceof Blob) blobs.set(path, blob);
  return {
    name,
    files: [...blobs].map(([path, blob]) => ({ path, bytes: blob.size })),
    async read(path, onBytes, signal) {
      const blob = blobs.get(path);
      if (!blob) throw new Error(`no file ${path} in ${name}`);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      signal.throwIfAborted();
      onBytes(bytes.length);
      return bytes;
    },
  };
}

const BUNDLED_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx'];
const SUFFIXES = ['', '_fp16', '_q8', '_int8', '_uint8', '_quantized', '_q4', '_q4f16', '_bnb4'];

/** Asks a plain server which of the files that a model may have are there, and how large they are. */
async function probe(at: Asking, signal: AbortSignal): Promise<ListedFile[]> {
  const graphs = ['', 'onnx/'].flatMap((below) => SUFFIXES.map((suffix) => `${below}model${suffix}.onnx`));
  const found = await sizesOf(at, ['config.json', 'tokenizer.json', 'tokenizer_config.json', ...graphs], signal);
  const data = found
    .filter(({ path }) => path.endsWith('.onnx'))
    .flatMap(({ path }) => [`${path}_data`, `${path}_data_1`, `${path}_data_2`, `${path}.data`]);
  return [...found, ...(await sizesOf(at, data, signal))];
}

async function sizesOf({ ask }: Asking, paths: readonly string[], signal: AbortSignal): Promise<ListedFile[]> {
  const answers = await Promise.all(
    paths.map(async (path) => {
      const answer = await ask(path, 'HEAD', signal);
      // Servers of single-page apps answer every address with their page.
      if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) return null;
      // A compressed answer's length is not the file's.
      const coded = answer.headers.get('content-encoding') !== null;
      const bytes = coded ? 0 : Number(answer.headers.get('x-linked-size') ?? answer.headers.get('content-length') ?? 0);
      // A mirror of the hub names a large file by its SHA-256.
      const [, sha256] = /^"?([0-9a-f]{64})"?$/.exec(answer.headers.get('x-linked-etag') ?? '') ?? [];
      return { path, bytes, ...(sha256 !== undefined && { sha256 }) };
    }),
  );
  return answers.filter((file) => file !== null);
}

async function askHub({ ask }: Asking, listing: string, signal: AbortSignal): Promise<ListedFile[]> {
  const answer = await ask(listing, 'GET', signal);
  if (answer.status === 401 || answer.status === 403 || answer.status === 404)
    throw new Error(`the hub has no such repository, or asks for a login (status ${answer.status})`);
  const files = answer.ok ? hubFiles(await answer.json()) : null;
  if (!files) throw new Error(`expected the hub's list of files, found status ${answer.status}`);
  return files;
}

/** Says in a sentence why a server was not reached: browsers tell the page no more than that the request failed. */
async function reached<T>(address: string, work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    if (!(error instanceof TypeError)) throw new Error(`${address} cannot be read: ${why}`, { cause: error });
    throw new Error(
      `${address} cannot be read: either no server answers there, or it does not let pages of ` +
        `other origins read it (CORS). Download the folder and choose it as files instead (${why})`,
      { cause: error },
    );
  }
}

function remoteFolder({ folder, name, ask }: Asking, files: readonly ListedFile[], store: ModelStore | null): ModelFolder {
  return {
    name,
    files,
    async read(path, onBytes, signal) {
      signal.throwIfAborted();
      const url = new URL(path, folder).href;
      const kept = await store?.read(url);
      if (kept) {
        onBytes(kept.length);
        return kept;
      }
      const { bytes = 0, sha256 } = files.find((file) => file.path === path) ?? {};
      const wanted = { url, path, bytes, ...(sha256 !== undefined && { sha256 }) };
      return reached(
        url,
        download(wanted, store, (headers) => ask(path, 'GET', signal, headers), onBytes, signal),
        signal,
      );
    },
  };
}
