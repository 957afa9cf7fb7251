/** Temporary files of this process: in one folder, which is removed when the process ends, by a signal too. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { atEnd, isRunning } from './at-end.ts';

const MOST_OF_NAME = 80;
const NAME = /^espalier-(\d+)-\w{6}$/;
/** Where other machines or containers share the temporary folder, their processes are not seen from here. */
const LEFT_MS = 24 * 3600 * 1000;

let folder: string | null = null;
let count = 0;

function scratchFolder(): string {
  if (folder !== null) return folder;
  removeLeft();
  atEnd(removeScratch);
  return (folder = mkdtempSync(join(tmpdir(), `espalier-${process.pid}-`)));
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
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(tmpdir(), name);
    try {
      if (statSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

/** A path that nothing is at. @param name of what it stands for, to be told by: any text, as a member of an archive may have it */
export function scratchPath(name: string): string {
  const plain = basename(name)
    .slice(-MOST_OF_NAME)
    .replaceAll(/[^\w.-]/g, '_');
  return join(scratchFolder(), `${count++}-${plain}`);
}
