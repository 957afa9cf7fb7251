/** Hands finished files to the person: into a folder they pick where the browser can, else as downloads. */
import { pickFolderHandle } from './pickers.ts';

export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** Asks for a folder; null when the person closes the picker. Call it from a click: browsers forget the click while long work runs. */
export async function askForFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await pickFolderHandle('readwrite');
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/**
 * Writes files, the last of them last. All are written beside what is there before any takes its place, so that a disk that is full
 * or a permission that is taken back leaves what was there. Rejects with a sentence that says what became of the files.
 */
export async function saveInto(folder: FileSystemDirectoryHandle, files: readonly NamedBlob[]): Promise<void> {
  const begun: Begun[] = [];
  let placed = 0;
  try {
    for (const { name, blob } of files) {
      const file = await begin(folder, name);
      begun.push(file);
      await blob.stream().pipeTo(file.writable, { preventClose: true, preventAbort: true });
    }
    const last = begun.at(-1);
    // Of an earlier export; beside files of this one it would lie.
    if (last?.isNew === false) await last.within.removeEntry(last.name);
    for (const { writable } of begun) {
      await writable.close();
      placed++;
    }
  } catch (error) {
    for (const { writable } of begun.slice(placed)) await writable.abort().catch(() => undefined);
    for (const { within, name, isNew } of begun.slice(placed)) if (isNew) await within.removeEntry(name).catch(() => undefined);
    const said = error instanceof Error ? error.message : String(error);
    const what = placed === 0 ? 'no file was written' : `${placed} of ${files.length} files are there, and no ${files.at(-1)?.name}`;
    throw new Error(`the folder ${folder.name} cannot be written to (${asWords(said)}); ${what}`, { cause: error });
  }
}

/** A file that is written beside the one of its name. */
interface Begun {
  readonly within: FileSystemDirectoryHandle;
  readonly name: string;
  readonly writable: FileSystemWritableFileStream;
  /** There was none of its name. */
  readonly isNew: boolean;
}

async function begin(folder: FileSystemDirectoryHandle, path: string): Promise<Begun> {
  const steps = path.split('/');
  const name = steps.at(-1) ?? path;
  let within = folder;
  for (const step of steps.slice(0, -1)) within = await within.getDirectoryHandle(step, { create: true });
  const before = await within.getFileHandle(name).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  });
  const handle = before ?? (await within.getFileHandle(name, { create: true }));
  try {
    return { within, name, writable: await handle.createWritable(), isNew: before === null };
  } catch (error) {
    if (before === null) await within.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

function asWords(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** Nothing that systems refuse in names, that makes a name read as another, or that hides a file. */
function plainName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:*?"<>|]/gu, '-').replace(/^\.+/, '');
}

/**
 * Downloads one file; a download has no folders, so they become part of its name. The address is released once the browser
 * has taken hold of it.
 */
export function download({ name, blob }: NamedBlob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = plainName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
