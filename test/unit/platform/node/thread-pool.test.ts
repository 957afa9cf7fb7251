/** Parse threads that die: what they were doing rejects, and the next job is answered by another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { ParseJob } from '../../../../src/engine/parse.ts';
import { makeThreadPool } from '../../../../src/platform/node/thread-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does as the job's name says, and answers only once it is configured. */
const entry = join(folder, 'thread.mjs');
writeFileSync(
  entry,
  `import { parentPort } from 'node:worker_threads';
let configured = false;
parentPort.on('message', ({ id, verb, job }) => {
  if (verb === 'configure') configured = true;
  else if (job.name === 'throw') throw new Error('out of luck');
  else if (job.name === 'exit') process.exit(3);
  else if (!configured) return;
  parentPort.postMessage({ id, type: 'done' });
});
`,
);
const job = (name: string): ParseJob => ({ name }) as ParseJob;
const handle = { path: 'none' };

describe('a parse thread that dies', () => {
  it.each([
    ['throw', 'a parse thread died: out of luck'],
    ['exit', 'a parse thread died: it ended with code 3'],
  ])('by %s rejects its job with a sentence, and another takes the next', async (how, sentence) => {
    const pool = makeThreadPool(pathToFileURL(entry), 1);
    await pool.configure(DEFAULT_OPEN_SETTINGS);
    await expect(pool.parse(job(how), handle, () => undefined)).rejects.toThrow(sentence);
    await pool.parse(job('fine'), handle, () => undefined);
    await expect(pool.parse(job(how), handle, () => undefined)).rejects.toThrow(sentence);
    await pool.configure(DEFAULT_OPEN_SETTINGS);
    await pool.parse(job('fine'), handle, () => undefined);
  });
});
