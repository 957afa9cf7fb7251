/** Temporary files of this process: in one folder, which is removed when the process ends, by a signal too. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NoRoom } from '../../engine/parts.ts';
import { atEnd } from './at-end.ts';
import { faultOf } from './fault.ts';
import { isRunning, processMark, readMark, type Mark } from './process-mark.ts';

const MOST_OF_NAME = 80;
const NAME = /^espalier-(\d+)-\w{6}$/;
/** Whose the folder is. */
const OWNER = 'process';
/** Where other machines or containers share the temporary folder, their processes are not seen from here. */
const LEFT_MS = 24 * 3600 * 1000;

let folder: string | null = null;
let count = 0;

function scratchFolder(): string {
  if (folder !== null) return folder;
  try {
    removeLeft();
    atEnd(removeScratch);
    folder = mkdtempSync(join(tmpdir(), `espalier-${process.pid}-`));
    writeFileSync(join(folder, OWNER), processMark());
    return folder;
  } catch (error) {
    throw scratchFault(error);
  }
}

/** `run`, which writes there; what the system has against it becomes NoRoom. */
export async function onScratch<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw scratchFault(error);
  }
}

/** What the system has against temporary files, with what can be done about it; any other error as it is. */
export function scratchFault(error: unknown): unknown {
  const fault = faultOf(`cannot write temporary files to ${tmpdir()} (TMPDIR names another folder)`, error);
  return fault === null ? error : new NoRoom(fault.message, { cause: error });
}

/** Removes all of them now. What is still to be read of them is lost. */
export function removeScratch(): void {
  if (folder === null) return;
  const made = folder;
  folder = null;
  // A file that is being made meanwhile is met the next time.
  rmSync(made, { recursive: true, force: true, maxRetries: 3 });
}

/** Those of processes that were killed: nothing of theirs ran at their end. */
function removeLeft(): void {
  const before = Date.now() - LEFT_MS;
  for (const name of readdirSync(tmpdir())) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(tmpdir(), name);
    try {
      const isOld = statSync(path).mtimeMs < before;
      const mark = markOf(path, pid);
      if (mark === 'gone' || (mark === 'unknown' && isOld)) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

/** A process that was killed before it could leave a mark is told by the number in the name, and is never gone for certain. */
function markOf(path: string, pid: string): Mark {
  if (existsSync(join(path, OWNER))) return readMark(readFileSync(join(path, OWNER), 'utf8'));
  return isRunning(Number(pid)) ? 'running' : 'unknown';
}

/** A path that nothing is at. @param name of what it stands for, to be told by: any text, as a member of an archive may have it */
export function scratchPath(name: string): string {
  const plain = basename(name)
    .slice(-MOST_OF_NAME)
    .replaceAll(/[^\w.-]/g, '_');
  return join(scratchFolder(), `${count++}-${plain}`);
}
