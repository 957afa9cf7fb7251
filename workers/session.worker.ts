/** The session worker: holds the forest, answers the page. */
import { TAB_ROOM } from '../src/engine/forest-room.ts';
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
    room: TAB_ROOM,
    scorer: { ...spawnSharedScorer(pool), size: workerModels(import.meta.url, fetchFrom).size },
  }),
  fetchFrom,
);
