/** A folder of the origin's private file system; null where the browser has none that can be written to from here. */
export async function openPrivateFolder(name: string): Promise<FileSystemDirectoryHandle | null> {
  if (!('storage' in navigator) || typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype))
    return null;
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  } catch {
    return null;
  }
}
