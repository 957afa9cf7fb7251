/** Turns what a person hands to the page (drop, picker, paste, stored handles) into files with paths, folders included. */

/** A file with its path below the dropped folder. */
export interface PickedFile {
  readonly path: string;
  readonly blob: Blob;
}

/** What a drop yields: files now, and handles to find them again after a reload where the browser has such handles. */
export interface Dropped {
  readonly files: readonly PickedFile[];
  readonly handles: readonly FileSystemHandle[];
}

/** The part of the browser's `FileSystemEntry` that is used here. */
export interface Entry {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly fullPath: string;
}
interface FileEntry extends Entry {
  file(done: (file: File) => void, failed: (error: unknown) => void): void;
}
interface FolderEntry extends Entry {
  createReader(): { readEntries(done: (children: Entry[]) => void, failed: (error: unknown) => void): void };
}

/** The parts of a drop item that are used here: all of them must be called before the drop event returns. */
interface DropItem {
  readonly kind: string;
  webkitGetAsEntry?(): Entry | null;
  getAsFile(): File | null;
  /** Chromium answers with nothing at all where a page made the drop. */
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null | undefined>;
}

/**
 * Reads a drop. Call it inside the event: entries and handles can be asked for only then.
 * Folders are walked with a list of what is still to visit, so their depth does not matter.
 */
export async function readDrop(items: Iterable<DropItem>): Promise<Dropped> {
  const entries: Entry[] = [];
  const loose: PickedFile[] = [];
  const handles: Promise<FileSystemHandle | null>[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    if (item.getAsFileSystemHandle)
      handles.push(
        item.getAsFileSystemHandle().then(
          (handle) => handle ?? null,
          () => null,
        ),
      );
    const entry = item.webkitGetAsEntry?.() ?? null;
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    else if (file) loose.push({ path: file.name, blob: file });
  }
  const walked = await walkEntries(entries);
  const granted = await Promise.all(handles);
  return { files: [...loose, ...walked], handles: granted.filter((handle) => handle !== null) };
}

/** Every file at or below `entries`, in the order of their paths, those of one path as they were given. */
export async function walkEntries(entries: readonly Entry[]): Promise<PickedFile[]> {
  const files: PickedFile[] = [];
  const waiting = entries.toReversed();
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (isFileEntry(entry)) {
      const from = entry;
      const file = await new Promise<File>((resolve, reject) => from.file(resolve, reject));
      files.push({ path: entry.fullPath.replace(/^\/+/, '') || file.name, blob: file });
    } else if (isFolderEntry(entry)) {
      for (const child of await readDirectory(entry)) waiting.push(child);
    }
  }
  return byPath(files);
}

/** All children: `readEntries` hands out at most a hundred at a time and then an empty list. */
async function readDirectory(folder: FolderEntry): Promise<Entry[]> {
  const reader = folder.createReader();
  const children: Entry[] = [];
  for (;;) {
    const some = await new Promise<Entry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    for (const child of some) children.push(child);
  }
}

/** Files of an `<input type="file">`, with their folder paths where a folder was picked. */
export function readFileList(list: Iterable<File>): PickedFile[] {
  const files: PickedFile[] = [];
  for (const file of list) files.push({ path: file.webkitRelativePath || file.name, blob: file });
  return byPath(files);
}

/** Every file at or below handles that were kept from an earlier visit; the caller has asked for permission. */
export async function readHandles(handles: readonly FileSystemHandle[]): Promise<PickedFile[]> {
  const files: PickedFile[] = [];
  for await (const { path, handle } of fileHandles(handles)) files.push({ path, blob: await handle.getFile() });
  return byPath(files);
}

/** Every file at or below handles, by the path that `readHandles` gives it. */
export async function* fileHandles(
  handles: readonly FileSystemHandle[],
): AsyncGenerator<{ readonly path: string; readonly handle: FileSystemFileHandle }> {
  const waiting = handles.map((handle) => ({ handle, path: handle.name })).toReversed();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { handle, path } = next;
    if (isFileHandle(handle)) yield { path, handle };
    else if (isDirectoryHandle(handle))
      for await (const child of handle.values()) waiting.push({ handle: child, path: `${path}/${child.name}` });
  }
}

/** What a paste holds: files, or text as one file; null where it holds neither. */
export function readPaste(data: DataTransfer): PickedFile[] | null {
  const files = readFileList(data.files);
  if (files.length > 0) return files;
  const text = data.getData('text/plain');
  if (text.trim() === '') return null;
  return [{ path: 'pasted.jsonl', blob: new Blob([text], { type: 'application/x-ndjson' }) }];
}

function isFileEntry(entry: Entry): entry is FileEntry {
  return entry.isFile;
}

function isFolderEntry(entry: Entry): entry is FolderEntry {
  return entry.isDirectory;
}

function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

function isDirectoryHandle(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}

function byPath(files: PickedFile[]): PickedFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
