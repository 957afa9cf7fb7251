/**
 * Exported files in a folder, all or none: they are written into a folder beside them and renamed once all are there, the manifest
 * last. A run that fails or is killed leaves what was there before, and at most that folder, which the next run removes.
 */
import { rmSync } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, rmdir, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from '../../base/crc32.ts';
import type { ExportFile, ExportSink } from '../../core/export/sink.ts';
import { atEnd } from './at-end.ts';
import { withFaults } from './fault.ts';
import { processMark, readMark, type Mark } from './process-mark.ts';

/** In the folder that is written to: it holds what is not complete yet, and the mark of who writes. */
const UNFINISHED = '.espalier-unfinished';
const OWNER = 'process';
/** Bytes of a file's name beside which there is room for what marks it as unfinished; characters of a longer one that are shown. */
const MOST_OF_NAME = 200;
const BEGINNING_OF_NAME = 40;

/** Another run writes there; the message names what to remove where none does. */
export class FolderInUse extends Error {}

/**
 * Runs `write` with a sink into a folder, which is made where it is missing. Rejects as `write` does, with FolderInUse, or with
 * a FileFault; then nothing in the folder has changed, unless it is the renaming that failed.
 * @param last the file that is renamed after all others; where there is one already, it goes before any other comes
 */
export async function writeIntoFolder<T>(folder: string, last: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  const isNew = (await withFaults('write to', folder, () => mkdir(folder, { recursive: true }))) !== undefined;
  const writing = inUnfinished(join(folder, UNFINISHED), folder, async (unfinished, handles) => {
    const names: string[] = [];
    const result = await write({
      open(name) {
        names.push(name);
        return openFile(join(unfinished, name), join(folder, name), handles);
      },
    });
    const others = names.filter((name) => name !== last);
    await withFaults('finish the files in', folder, async () => {
      if (names.includes(last)) await rm(join(folder, last), { force: true });
      for (const name of [...others, ...names.filter((each) => each === last)]) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await rename(join(unfinished, name), join(folder, name));
      }
    });
    return result;
  });
  return writing.catch(async (error: unknown) => {
    // What was there before was no folder.
    if (isNew) await rmdir(folder).catch(() => undefined);
    throw error;
  });
}

/**
 * One file, complete or not at all; a link at that path stays one, and what is no file, such as a pipe, is written to as it is.
 * Rejects as `write` does, with FolderInUse, or with a FileFault.
 */
export async function writeFileAt<T>(path: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  const there = await stat(path).catch(() => null);
  const handles = new Set<FileHandle>();
  if (there !== null && !there.isFile()) {
    try {
      return await write({ open: () => openFile(path, path, handles) });
    } finally {
      await closeAll(handles);
    }
  }
  const at = there === null ? path : await realpath(path);
  return inUnfinished(join(dirname(at), unfinishedName(basename(at))), path, async (unfinished, held) => {
    const whole = join(unfinished, basename(at));
    const result = await write({ open: () => openFile(whole, path, held, there?.mode) });
    await withFaults('write to', path, () => rename(whole, at));
    return result;
  });
}

/** A name may have 255 bytes, and this is longer than the file's: of a long one it has the beginning, and a checksum of the whole. */
function unfinishedName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= MOST_OF_NAME) return `${name}.unfinished`;
  return `${Array.from(name).slice(0, BEGINNING_OF_NAME).join('')}-${crc32(bytes).toString(16)}.unfinished`;
}

/** `run` with a folder of its own, which is gone afterwards. @param shown where it writes to, for people */
async function inUnfinished<T>(
  unfinished: string,
  shown: string,
  run: (unfinished: string, handles: Set<FileHandle>) => Promise<T>,
): Promise<T> {
  await withFaults('write to', shown, () => take(unfinished));
  const forget = atEnd(() => rmSync(unfinished, { recursive: true, force: true, maxRetries: 3 }));
  const handles = new Set<FileHandle>();
  try {
    return await run(unfinished, handles);
  } finally {
    await closeAll(handles);
    // Where it cannot be removed, why the run failed counts more; the next run removes it.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    forget();
  }
}

/** Throws FolderInUse where another run writes to the folder now. */
export async function refuseInUse(folder: string): Promise<void> {
  const unfinished = join(folder, UNFINISHED);
  if ((await stat(unfinished).catch(() => null)) !== null) await refuseOthers(unfinished);
}

/** Of files whose writer has failed. */
async function closeAll(handles: ReadonlySet<FileHandle>): Promise<void> {
  for (const file of handles) await file.close().catch(() => undefined);
}

/** @param shown the path that it will have. @param handles has it as long as it is open */
async function openFile(path: string, shown: string, handles: Set<FileHandle>, mode?: number): Promise<ExportFile> {
  const file = await withFaults('write to', shown, async () => {
    // One step at most: a folder that somebody has removed meanwhile is not made again.
    await mkdir(dirname(path)).catch((error: unknown) => {
      if (!isThere(error)) throw error;
    });
    return open(path, 'w', mode);
  });
  handles.add(file);
  return {
    write: (bytes) => withFaults('write to', shown, () => file.writeFile(bytes)),
    close: () =>
      withFaults('write to', shown, async () => {
        try {
          // Of what is no file there is nothing to be kept.
          if ((await file.stat()).isFile()) await file.sync();
        } finally {
          handles.delete(file);
          await file.close();
        }
      }),
  };
}

/**
 * Makes the folder of what is unfinished, with its mark in it from the start; that of a process of this machine which is gone is
 * taken over, by one process.
 */
async function take(unfinished: string): Promise<void> {
  const own = `${unfinished}.${process.pid}.${taken++}`;
  await mkdir(own);
  try {
    await writeFile(join(own, OWNER), processMark());
    if (await wasRenamed(own, unfinished)) return;
    await refuseOthers(unfinished);
    const left = `${own}.left`;
    await rename(unfinished, left);
    // Somebody else may have taken it over since it was looked at.
    if ((await markIn(left)) !== 'gone') {
      await rename(left, unfinished);
      await refuseOthers(unfinished);
    }
    await rm(left, { recursive: true, force: true });
    if (!(await wasRenamed(own, unfinished))) await refuseOthers(unfinished);
  } catch (error) {
    await rm(own, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

let taken = 0;

/** False where there is a folder with something in it already. */
async function wasRenamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isThere(error)) return false;
    throw error;
  }
}

function isThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'EEXIST' || code === 'ENOTEMPTY' || (code === 'EPERM' && process.platform === 'win32');
}

/** Throws FolderInUse but where the process that left the folder is gone: of another machine nobody here can tell. */
async function refuseOthers(unfinished: string): Promise<void> {
  if ((await markIn(unfinished)) !== 'gone') throw new FolderInUse(`another run writes there; if none does, remove ${unfinished}`);
}

async function markIn(unfinished: string): Promise<Mark> {
  return readMark(await readFile(join(unfinished, OWNER), 'utf8').catch(() => ''));
}
