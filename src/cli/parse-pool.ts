/** Who parses: this thread, or several where there is enough to read. */
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { InputFile } from '../engine/open.ts';
import { makeLocalPool, type ParsePool } from '../engine/pool.ts';
import { openHandle } from '../platform/node/open-handle.ts';
import { makeThreadPool } from '../platform/node/thread-pool.ts';
import { parseThreadEntry } from './places.ts';

/** Below this a second thread costs more than it brings. */
const THREADS_FROM_BYTES = 8 << 20;

export function parsePool(inputs: readonly InputFile[]): ParsePool {
  const bytes = inputs.reduce((sum, input) => sum + input.source.byteLength, 0);
  const threads = Math.max(1, Math.min(8, availableParallelism()));
  const isLarge = bytes >= THREADS_FROM_BYTES && threads > 1;
  return isLarge ? makeThreadPool(pathToFileURL(parseThreadEntry()), threads) : makeLocalPool(openHandle);
}
