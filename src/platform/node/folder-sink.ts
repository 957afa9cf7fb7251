/**
 * Exported files in a folder, all or none: they are written into a folder beside them and renamed once all are there, the manifest
 * last. A run that fails or is killed leaves what was there before, and at most that folder, which the next run removes.
 */
import { rmSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExportFile, ExportSink } from '../../core/export/sink.ts';
import { atEnd, isRunning } from './at-end.ts';

/** In the folder that is written to: it holds what is not complete yet, and who writes: the number of the process, and its machine. */
const UNFINISHED = '.espalier-unfinished';
const OWNER = 'process';

/** Somebody else writes into the folder. */
export class FolderInUse extends Error {}

/**
 * Runs `write` with a sink into a folder, which is made where it is missing. Rejects as `write` does, with FolderInUse, or with
 * what the system says; then nothing in the folder has changed, unless it is the renaming that failed.
 * @param last the file that is renamed after all others; where there is one already, it goes before any other comes
 */
export async function writeIntoFolder<T>(folder: string, last: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, UNFINISHED);
  await take(unfinished);
  const forget = atEnd(() => rmSync(unfinished, { recursive: true, force: true, maxRetries: 3 }));
  const handles = new Set<FileHandle>();
  try {
    const names: string[] = [];
    const result = await write({
      async open(name) {
        names.push(name);
        return openFile(join(unfinished, name), handles);
      },
    });
    const others = names.filter((name) => name !== last);
    if (names.includes(last)) await rm(join(folder, last), { force: true });
    for (const name of [...others, ...names.filter((each) => each === last)]) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await rename(join(unfinished, name), join(folder, name));
    }
    return result;
  } finally {
    await closeAll(handles);
    await rm(unfinished, { recursive: true, force: true });
    forget();
  }
}

/** One file, complete or not at all. */
export async function writeFileAt<T>(path: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  const unfinished = `${path}.unfinished`;
  const forget = atEnd(() => rmSync(unfinished, { force: true }));
  const handles = new Set<FileHandle>();
  try {
    const result = await write({ open: () => openFile(unfinished, handles) });
    await rename(unfinished, path);
    return result;
  } finally {
    await closeAll(handles);
    await rm(unfinished, { force: true });
    forget();
  }
}

/** Of files whose writer has failed. */
async function closeAll(handles: ReadonlySet<FileHandle>): Promise<void> {
  for (const file of handles) await file.close();
}

/** @param handles has it as long as it is open */
async function openFile(path: string, handles: Set<FileHandle>): Promise<ExportFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  handles.add(file);
  return {
    write: (bytes) => file.writeFile(bytes),
    async close() {
      try {
        await file.sync();
      } finally {
        handles.delete(file);
        await file.close();
      }
    },
  };
}

/** Makes the folder of what is unfinished; that of a process of this machine which is gone is taken over. */
async function take(unfinished: string): Promise<void> {
  try {
    await mkdir(unfinished);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const [pid = '', machine = ''] = (await readFile(join(unfinished, OWNER), 'utf8').catch(() => '')).split('\n');
    // Of another machine nobody here can tell.
    if (!/^\d+$/.test(pid) || machine !== hostname() || isRunning(Number(pid)))
      throw new FolderInUse(`another run writes there; if none does, remove ${unfinished}`);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
  }
  await writeFile(join(unfinished, OWNER), `${process.pid}\n${hostname()}`);
}
