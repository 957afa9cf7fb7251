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

export async function saveInto(folder: FileSystemDirectoryHandle, files: readonly NamedBlob[]): Promise<void> {
  for (const { name, blob } of files) {
    const steps = name.split('/');
    let within = folder;
    for (const step of steps.slice(0, -1)) within = await within.getDirectoryHandle(step, { create: true });
    const handle = await within.getFileHandle(steps.at(-1) ?? name, { create: true });
    await blob.stream().pipeTo(await handle.createWritable());
  }
}

/**
 * Downloads one file; a download has no folders, so they become part of its name. The address is released once the browser
 * has taken hold of it.
 */
export function download({ name, blob }: NamedBlob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replaceAll('/', '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
