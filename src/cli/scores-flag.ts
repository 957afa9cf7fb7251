/** `--scores FILE`. */
import { readFileSync } from 'node:fs';
import { UsageError } from './usage.ts';

/** Throws UsageError where there is no such file. */
export function readScores(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`--scores: no file at ${path}`);
  }
}
