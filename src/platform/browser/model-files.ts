/** Model folders in the page: the bundled one, dropped files, and addresses, whose files are kept in the origin's private file system. */
import { makeDigest } from '../../engine/export/hash.ts';
import type { ListedFile } from '../../engine/score/model-config.ts';
import type { ModelFolder } from '../../engine/score/model-folder.ts';
import type { ModelChoice } from '../../engine/score/scorer.ts';

/** @param bundled address of the folder of the model that ships with the workbench, ending in "/" */
export async function openModel(choice: ModelChoice, bundled: string, signal: AbortSignal): Promise<ModelFolder> {
  if (choice.kind === 'bundled') return remoteFolder(bundled, null, (address) => sizesOf(address, BUNDLED_FILES, signal), signal);
  if (choice.kind === 'url') return remoteFolder(folderAddress(choice.url), await openStore(), (address) => listFolder(address, signal), signal);
  if (choice.kind === 'files') return droppedFolder(choice.name, choice.files);
  throw new Error(`expected a model as files or address, found ${choice.kind}`);
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

/** `https://huggingface.co/OWNER/NAME` in its usual forms becomes the address of its files; others are taken as folders. */
export function folderAddress(address: string): string {
  const url = new URL(address);
  const hub = /^\/([^/]+)\/([^/]+?)(?:\/(?:tree|resolve|blob)\/([^/]+))?\/?$/.exec(url.pathname);
  if (url.hostname === 'huggingface.co' && hub) return `${url.origin}/${hub[1] ?? ''}/${hub[2] ?? ''}/resolve/${hub[3] ?? 'main'}/`;
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/[^/]*\.(?:json|onnx|onnx_data)$/, '/').replace(/\/?$/, '/');
  return url.href;
}

const BUNDLED_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx'];
const SUFFIXES = ['', '_fp16', '_q8', '_int8', '_uint8', '_quantized', '_q4', '_q4f16', '_bnb4'];

/** Asks a plain server which of the files that a model may have are there, and how large they are. */
async function listFolder(address: string, signal: AbortSignal): Promise<ListedFile[]> {
  const graphs = ['', 'onnx/'].flatMap((folder) => SUFFIXES.map((suffix) => `${folder}model${suffix}.onnx`));
  const found = await sizesOf(address, ['config.json', 'tokenizer.json', 'tokenizer_config.json', ...graphs], signal);
  const data = found.filter(({ path }) => path.endsWith('.onnx')).flatMap(({ path }) => [`${path}_data`, `${path}_data_1`, `${path}_data_2`, `${path}.data`]);
  return [...found, ...(await sizesOf(address, data, signal))];
}

async function sizesOf(address: string, paths: readonly string[], signal: AbortSignal): Promise<ListedFile[]> {
  const answers = await Promise.all(paths.map(async (path) => {
    const answer = await fetch(new URL(path, address), { method: 'HEAD', signal });
    // Servers of single-page apps answer every address with their page.
    if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) return null;
    // A compressed answer's length is not the file's.
    const coded = answer.headers.get('content-encoding') !== null;
    return { path, bytes: coded ? 0 : Number(answer.headers.get('x-linked-size') ?? answer.headers.get('content-length') ?? 0) };
  }));
  return answers.filter((file) => file !== null);
}

async function remoteFolder(address: string, store: Store | null, list: (address: string) => Promise<ListedFile[]>, signal: AbortSignal): Promise<ModelFolder> {
  let files: ListedFile[];
  try {
    files = await list(address);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${address} cannot be reached: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const words = new URL(address).pathname.split('/').filter((word) => word !== '');
  const resolve = words.indexOf('resolve');
  return {
    name: (resolve > 0 ? words[resolve - 1] : words.at(-1)) ?? address,
    files,
    async read(path, onBytes, readSignal) {
      readSignal.throwIfAborted();
      const url = new URL(path, address).href;
      const kept = await store?.read(url);
      if (kept) {
        onBytes(kept.length);
        return kept;
      }
      const bytes = await download(url, onBytes, readSignal);
      await store?.write(url, bytes);
      return bytes;
    },
  };
}

async function download(url: string, onBytes: (read: number) => void, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || !answer.body) throw new Error(`${url}: the server answered ${answer.status} ${answer.statusText}`);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
    onBytes(length);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** Downloaded files by their address, each with its SHA-256, which is checked whenever one is read. */
interface Store {
  read(url: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

const FOLDER = 'espalier-models';

/** null where the browser has no private file system that can be written to from here. */
async function openStore(): Promise<Store | null> {
  if (!('storage' in navigator) || typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype)) return null;
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch {
    return null;
  }
  const put = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(bytes);
    await stream.close();
  };
  const take = async (name: string): Promise<Uint8Array<ArrayBuffer> | null> => {
    try {
      return new Uint8Array(await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer());
    } catch {
      return null;
    }
  };
  return {
    async read(url) {
      const name = await hashOf(new TextEncoder().encode(url));
      const [bytes, hash] = [await take(name), await take(`${name}.sha256`)];
      if (!bytes || !hash || (await hashOf(bytes)) !== new TextDecoder().decode(hash)) return null;
      return bytes;
    },
    async write(url, bytes) {
      const name = await hashOf(new TextEncoder().encode(url));
      try {
        await put(name, bytes);
        await put(`${name}.sha256`, new TextEncoder().encode(await hashOf(bytes)));
      } catch {
        // A full disk costs the cache, not the model.
        await folder.removeEntry(name).catch(() => undefined);
      }
    },
  };
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = await makeDigest();
  digest.update(bytes);
  return digest.hex();
}
