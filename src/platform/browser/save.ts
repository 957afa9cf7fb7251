/** Hands finished files to the person: into a folder they pick where the browser can, else as downloads. */
import { pickFolderHandle } from './pickers.ts';

export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** Writes all files into a folder that the person picks. False when they close the picker. */
export async function saveToFolder(files: readonly NamedBlob[]): Promise<boolean> {
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await pickFolderHandle('readwrite');
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
  for (const { name, blob } of files) {
    const handle = await folder.getFileHandle(name, { create: true });
    const stream = await handle.createWritable();
    await blob.stream().pipeTo(stream);
  }
  return true;
}

/** Downloads one file. The address is released once the browser has taken hold of it. */
export function download({ name, blob }: NamedBlob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
