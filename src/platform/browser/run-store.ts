/** Scores of runs that are not over, in the origin's private file system by what they are of: a few, the oldest give way. */
import { openPrivateFolder } from './private-folder.ts';

export interface RunStore {
  /** null where there is none. */
  read(name: string): Promise<Blob | null>;
  /** Leaves what was there where the disk is full: that costs the copy, not the run. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  forget(name: string): Promise<void>;
}

const FOLDER = 'espalier-runs';
const MOST_FILES = 8;
const MOST_BYTES = 256 << 20;

/** null where the browser has no private file system that can be written to from here. */
export async function openRunStore(): Promise<RunStore | null> {
  const folder = await openPrivateFolder(FOLDER);
  if (folder === null) return null;
  const forget = (name: string): Promise<void> => folder.removeEntry(name).catch(() => undefined);
  /** Makes room for a file: within both bounds, the oldest of the others go. */
  const makeRoom = async (name: string, bytes: number): Promise<void> => {
    const others: File[] = [];
    for await (const handle of folder.values())
      if (handle instanceof FileSystemFileHandle && handle.name !== name) others.push(await handle.getFile());
    others.sort((a, b) => b.lastModified - a.lastModified);
    let room = MOST_BYTES - bytes;
    for (const [at, file] of others.entries()) {
      room -= file.size;
      if (at + 1 >= MOST_FILES || room < 0) await forget(file.name);
    }
  };
  return {
    async read(name) {
      try {
        const file = await (await folder.getFileHandle(name)).getFile();
        // A first copy that was never finished is empty.
        return file.size > 0 ? file : null;
      } catch {
        return null;
      }
    },
    async write(name, bytes) {
      if (bytes.length > MOST_BYTES) return;
      try {
        await makeRoom(name, bytes.length);
        // The file changes when the stream is closed, so that what is there is always whole.
        const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
        await stream.write(bytes);
        await stream.close();
      } catch {
        return;
      }
    },
    forget,
  };
}
