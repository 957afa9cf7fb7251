/** `--scores FILE`. */
import type { Dataset } from './api.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

/** Throws UsageError where there is no such file. */
export function readScores(path: string): Uint8Array {
  return readFlagFile('--scores', path);
}

/** Puts the scores of such a file to the log. Throws UsageError where they are not of it. */
export async function restoreScores(dataset: Dataset, scores: Uint8Array): Promise<void> {
  const restored = await dataset.score.restore(scores);
  if (!restored.ok) throw new UsageError(`--scores: ${restored.reason}`);
}
