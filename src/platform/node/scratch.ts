/** Temporary files of this process: in one folder, which is removed when the process ends, by a signal too. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const MOST_OF_NAME = 80;

let folder: string | null = null;
let count = 0;

function scratchFolder(): string {
  if (folder !== null) return folder;
  const made = mkdtempSync(join(tmpdir(), 'espalier-'));
  const remove = (): void => rmSync(made, { recursive: true, force: true });
  process.once('exit', remove);
  for (const signal of SIGNALS)
    process.once(signal, () => {
      remove();
      // Nobody listens any more: the process ends as it would have.
      process.kill(process.pid, signal);
    });
  return (folder = made);
}

/** A path that nothing is at. @param name of what it stands for, to be told by: any text, as a member of an archive may have it */
export function scratchPath(name: string): string {
  const plain = basename(name)
    .slice(-MOST_OF_NAME)
    .replaceAll(/[^\w.-]/g, '_');
  return join(scratchFolder(), `${count++}-${plain}`);
}
