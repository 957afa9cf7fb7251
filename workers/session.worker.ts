/** The session worker: holds the forest, answers the page. */
import { MAX_TAB_FOREST_BYTES } from '../src/base/bounds.ts';
import { makeSession } from '../src/engine/session.ts';
import { unpack } from '../src/platform/browser/unpack.ts';
import { workerModels } from '../src/platform/browser/worker-models.ts';
import { openDoor } from './door.ts';
import { fetchFrom } from './fetch.ts';
import { spawnParsePool, spawnSharedScorer } from './spawn.ts';

const pool = spawnParsePool();

openDoor(
  makeSession({
    pool,
    unpack,
    room: MAX_TAB_FOREST_BYTES,
    scorer: { ...spawnSharedScorer(pool), size: workerModels(import.meta.url, fetchFrom).size },
  }),
  fetchFrom,
);
