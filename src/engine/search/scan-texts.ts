/** Looks through the texts of rollouts, read again from their files by address on the pool: no text is kept. */
import type { Unsearched } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import type { ParsePool } from '../pool.ts';
import { readAgain } from '../surveys/read-again.ts';
import type { FoundTexts, TextLook } from './look.ts';

export interface Scan {
  readonly dataset: Dataset;
  readonly pool: ParsePool;
  readonly look: TextLook;
  /** Of the dataset. */
  readonly rollouts: readonly number[];
  readonly signal: AbortSignal;
  /** Told of each rollout that was looked at, in any order. */
  readonly take: (rollout: number, found: FoundTexts) => void;
  /** Told of bytes that were read. */
  readonly onBytes: (bytes: number) => void;
}

/** As `readAgain`; rejects with SearchStuck where a search has no end. */
export function scanTexts({ look, take, ...scan }: Scan): Promise<Unsearched | null> {
  return readAgain({ ...scan, what: { look }, found: (reply) => reply.found, take });
}
