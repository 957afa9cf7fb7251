/** `--scores FILE`. */
import { readFlagFile } from './flag-files.ts';

/** Throws UsageError where there is no such file. */
export function readScores(path: string): Uint8Array {
  return readFlagFile('--scores', path);
}
