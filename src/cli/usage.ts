/** What a user did wrong, and files written where a user said. */
import type { ExportSink } from '../core/export/sink.ts';
import { MANIFEST_NAME } from '../engine/export/run.ts';
import { FolderInUse, writeIntoFolder } from '../platform/node/folder-sink.ts';

/** Bad usage: told to the user in one sentence, exit code 2. */
export class UsageError extends Error {}

/** Files written into the folder that `--out` names, all or none. Throws UsageError where that cannot be. */
export function intoFolder<T>(folder: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  return writingTo(folder, () => writeIntoFolder(folder, MANIFEST_NAME, write));
}

/** `run`, with what the system says against writing there as bad usage of the flag that names it. */
export async function writingTo<T>(path: string, run: () => Promise<T>, flag = '--out'): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FolderInUse) && !(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(`${flag}: cannot write to ${path}: ${error.message}`);
  }
}
