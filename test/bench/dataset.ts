/** A log as the dataset that a session would make of it, on this thread. */
import { basename } from 'node:path';
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers/opening.ts';
import { freezeDataset, type Dataset } from '../../src/engine/dataset.ts';
import { makeOpening, openFiles } from '../../src/engine/open.ts';
import { makeLocalPool } from '../../src/engine/pool.ts';
import { openFileSource } from '../../src/platform/node/file-source.ts';
import { openHandle } from '../../src/platform/node/open-handle.ts';
import { unpack } from '../../src/platform/node/unpack.ts';

export async function datasetAt(path: string): Promise<Dataset> {
  const opening = makeOpening(null);
  const file = { path: basename(path), source: await openFileSource(path), handle: { path } };
  const pool = makeLocalPool(openHandle);
  await pool.configure(DEFAULT_OPEN_SETTINGS);
  await openFiles(opening, [file], DEFAULT_OPEN_SETTINGS, pool, unpack, new AbortController().signal, () => undefined);
  return freezeDataset(opening, 1, true, 'o200k_base');
}
