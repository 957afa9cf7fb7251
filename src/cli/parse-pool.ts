/** Who parses: this thread, or several where there is enough to read. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { TokenizerChoice } from '../engine/answers/opening.ts';
import type { InputFile } from '../engine/input-file.ts';
import { makeLocalPool, type ParsePool } from '../engine/pool.ts';
import { openHandle } from '../platform/node/open-handle.ts';
import { makeThreadPool } from '../platform/node/thread-pool.ts';
import { parseThreadEntry } from './places.ts';

/** Below this a second thread costs more than it brings. */
const THREADS_FROM_BYTES = 8 << 20;

/**
 * @param tokenizer one that a person brings runs in threads in any case: these can be ended, whatever its regular expressions do
 * @param isWatched the same for what a person looks for
 */
export function parsePool(inputs: readonly InputFile[], tokenizer: TokenizerChoice['kind'], isWatched = false): ParsePool {
  const bytes = inputs.reduce((sum, input) => sum + input.source.byteLength, 0);
  const threads = Math.max(1, Math.min(8, availableParallelism()));
  const isLarge = bytes >= THREADS_FROM_BYTES && threads > 1;
  // A clone before its first build has none.
  if ((!isLarge && !isWatched && tokenizer === 'o200k_base') || !existsSync(parseThreadEntry())) return makeLocalPool(openHandle);
  return makeThreadPool(pathToFileURL(parseThreadEntry()), isLarge ? threads : 1);
}
