/** A frozen dataset over bytes in memory, without a session around it. */
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers/opening.ts';
import { freezeDataset, type Dataset } from '../../src/engine/dataset.ts';
import { makeOpening, openFiles } from '../../src/engine/open.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import { makeLocalPool } from '../../src/engine/pool.ts';
import { openHandle } from '../../src/platform/node/open-handle.ts';
import { unpack } from '../../src/platform/node/unpack.ts';

export async function openDataset(files: readonly InputFile[]): Promise<Dataset> {
  const pool = makeLocalPool(openHandle);
  await pool.configure(DEFAULT_OPEN_SETTINGS);
  const opening = makeOpening(null);
  await openFiles(opening, files, DEFAULT_OPEN_SETTINGS, pool, unpack, new AbortController().signal, () => undefined);
  return freezeDataset(opening, 1, true, 'o200k_base');
}
