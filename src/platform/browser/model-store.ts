/**
 * Downloaded model files in the origin's private file system, by their address; each with its SHA-256, which is checked
 * whenever one is read.
 */
import { openPrivateFolder } from './private-folder.ts';

export interface ModelStore {
  /** null where it is not there, or is not what was written. */
  read(url: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Without reading it. */
  has(url: string): Promise<boolean>;
  /** Leaves nothing where the disk is full: that costs the copy, not the model. */
  write(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  forget(url: string): Promise<void>;
}

const FOLDER = 'espalier-models';

/** null where the browser has no private file system that can be written to from here. */
export async function openModelStore(): Promise<ModelStore | null> {
  const folder = await openPrivateFolder(FOLDER);
  if (folder === null) return null;
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
  const remove = async (name: string): Promise<void> => {
    for (const each of [`${name}.sha256`, name]) await folder.removeEntry(each).catch(() => undefined);
  };
  return {
    async read(url) {
      const name = await nameOf(url);
      const [bytes, hash] = [await take(name), await take(`${name}.sha256`)];
      if (!bytes || !hash || (await hashOf(bytes)) !== new TextDecoder().decode(hash)) return null;
      return bytes;
    },
    async has(url) {
      // The hash is written last, so a file that has one is whole.
      const name = await nameOf(url);
      return folder.getFileHandle(`${name}.sha256`).then(
        () => true,
        () => false,
      );
    },
    async write(url, bytes) {
      const name = await nameOf(url);
      try {
        await remove(name);
        await put(name, bytes);
        await put(`${name}.sha256`, new TextEncoder().encode(await hashOf(bytes)));
      } catch {
        await remove(name);
      }
    },
    forget: async (url) => remove(await nameOf(url)),
  };
}

const nameOf = (url: string): Promise<string> => hashOf(new TextEncoder().encode(url));

/** What hashes is loaded here, and not with the page: few people bring a model by its address. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const { makeDigest } = await import('../../engine/export/hash.ts');
  const digest = await makeDigest();
  digest.update(bytes);
  return digest.hex();
}
