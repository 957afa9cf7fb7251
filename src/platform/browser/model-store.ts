/**
 * Downloaded model files in the origin's private file system, by their address, each in parts that are whole once they are there, so
 * that a download that was cut is gone on with. A file that is whole has its SHA-256 beside it, which is checked whenever it is read.
 */
import { openPrivateFolder } from './private-folder.ts';

export interface ModelStore {
  /** null where it is not there, or is not what was written. */
  read(url: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Whether the whole of it is here, without reading it. */
  has(url: string): Promise<boolean>;
  /** Leaves nothing where the disk is full: that costs the copy, not the model. */
  write(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** What is here of a file whose download was cut; no bytes where it is whole or was never begun. */
  begun(url: string): Promise<Begun>;
  /** Forgets what is here and begins anew. @param tag what the server calls this version of the file; null: nothing */
  begin(url: string, tag: string | null): Promise<void>;
  /** Rejects where the disk is full. */
  append(url: string, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void>;
  /** What was appended, whether it is whole or not. */
  appended(url: string): Promise<Uint8Array<ArrayBuffer>>;
  finish(url: string, sha256: string): Promise<void>;
  forget(url: string): Promise<void>;
  list(): Promise<StoredFile[]>;
  /** By its name in the list. */
  remove(name: string): Promise<void>;
}

export interface Begun {
  readonly bytes: number;
  readonly tag: string | null;
}

export interface StoredFile {
  readonly name: string;
  /** null: of a version that did not note it. */
  readonly url: string | null;
  readonly bytes: number;
  readonly isWhole: boolean;
  /** When it was last read or written, ms. */
  readonly used: number;
}

/** What stands beside a file's parts. */
interface Note {
  readonly url: string;
  readonly tag: string | null;
}

const FOLDER = 'espalier-models';
const [HASH, NOTE] = ['.sha256', '.json'];

/** null where the browser has no private file system that can be written to from here. */
export async function openModelStore(): Promise<ModelStore | null> {
  const folder = await openPrivateFolder(FOLDER);
  if (folder === null) return null;
  const fileOf = async (name: string): Promise<File | null> => {
    try {
      return await (await folder.getFileHandle(name)).getFile();
    } catch {
      return null;
    }
  };
  const textOf = async (name: string): Promise<string | null> => (await fileOf(name))?.text() ?? null;
  const put = async (name: string, pieces: readonly BlobPart[]): Promise<void> => {
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write(new Blob([...pieces]));
    // Only now is it there: what was cut before is empty.
    await stream.close();
  };
  /** In their order; the first one goes by the file's own name. */
  const partsOf = async (name: string): Promise<File[]> => {
    const parts: File[] = [];
    for (;;) {
      const part = await fileOf(partName(name, parts.length));
      if (part === null || part.size === 0) return parts;
      parts.push(part);
    }
  };
  const remove = async (name: string): Promise<void> => {
    const parts: string[] = [];
    for await (const each of folder.keys())
      if (each === name || (each.startsWith(`${name}.`) && !each.endsWith(HASH) && !each.endsWith(NOTE))) parts.push(each);
    const placeOf = (part: string): number => Number(part.slice(name.length + 1));
    parts.sort((a, b) => placeOf(b) - placeOf(a));
    // The hash first: a file that has one is whole. Then from the end, so that no part is ever behind a gap.
    for (const each of [`${name}${HASH}`, ...parts, `${name}${NOTE}`]) await folder.removeEntry(each).catch(() => undefined);
  };
  const note = (name: string, value: Note): Promise<void> => put(`${name}${NOTE}`, [JSON.stringify(value)]);
  const noteOf = async (name: string): Promise<Note | null> => readNote(await textOf(`${name}${NOTE}`));
  /** Parts of what is being appended to. */
  const counts = new Map<string, number>();
  const store: ModelStore = {
    async read(url) {
      const name = await nameOf(url);
      const hash = await textOf(`${name}${HASH}`);
      if (hash === null) return null;
      const bytes = await joined(await partsOf(name)).catch(() => null);
      if (!bytes || (await hashOf(bytes)) !== hash) return null;
      // When it was used last is when its note was written.
      await note(name, (await noteOf(name)) ?? { url, tag: null }).catch(() => undefined);
      return bytes;
    },
    async has(url) {
      return (await fileOf(`${await nameOf(url)}${HASH}`)) !== null;
    },
    async write(url, bytes) {
      try {
        await store.begin(url, null);
        await store.append(url, [bytes]);
        await store.finish(url, await hashOf(bytes));
      } catch {
        await store.forget(url);
      }
    },
    async begun(url) {
      const name = await nameOf(url);
      const found = await noteOf(name);
      if (found === null || (await store.has(url))) return { bytes: 0, tag: null };
      const parts = await partsOf(name);
      counts.set(name, parts.length);
      return { bytes: sizeOf(parts), tag: found.tag };
    },
    async begin(url, tag) {
      const name = await nameOf(url);
      await remove(name);
      counts.set(name, 0);
      await note(name, { url, tag });
    },
    async append(url, pieces) {
      const name = await nameOf(url);
      const count = counts.get(name) ?? (await partsOf(name)).length;
      await put(partName(name, count), pieces);
      counts.set(name, count + 1);
    },
    appended: async (url) => joined(await partsOf(await nameOf(url))),
    finish: async (url, sha256) => put(`${await nameOf(url)}${HASH}`, [sha256]),
    forget: async (url) => remove(await nameOf(url)),
    remove,
    async list() {
      const names = new Set<string>();
      for await (const name of folder.keys()) names.add(name.slice(0, NAME_LENGTH));
      return Promise.all(
        [...names].map(async (name) => {
          const [parts, noted, noteFile, hash] = [
            await partsOf(name),
            await noteOf(name),
            await fileOf(`${name}${NOTE}`),
            await fileOf(`${name}${HASH}`),
          ];
          return {
            name,
            url: noted?.url ?? null,
            bytes: sizeOf(parts),
            isWhole: hash !== null,
            used: Math.max(noteFile?.lastModified ?? 0, ...parts.slice(-1).map(({ lastModified }) => lastModified)),
          };
        }),
      );
    },
  };
  return store;
}

const NAME_LENGTH = 64;
const sizeOf = (parts: readonly Blob[]): number => parts.reduce((sum, { size }) => sum + size, 0);
const partName = (name: string, at: number): string => (at === 0 ? name : `${name}.${at}`);
const nameOf = (url: string): Promise<string> => hashOf(new TextEncoder().encode(url));

function readNote(text: string | null): Note | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null || !('url' in value) || typeof value.url !== 'string') return null;
    return { url: value.url, tag: 'tag' in value && typeof value.tag === 'string' ? value.tag : null };
  } catch {
    return null;
  }
}

/** One after the other into the one array that is handed on. */
async function joined(parts: readonly Blob[]): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(await part.arrayBuffer()), at);
    at += part.size;
  }
  return bytes;
}

/** What hashes is loaded here, and not with the page: few people bring a model by its address. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  const { makeDigest } = await import('../../engine/export/hash.ts');
  const digest = await makeDigest();
  digest.update(bytes);
  return digest.hex();
}
