/** Parse threads that die, fail or never answer: what they were at is read again by another, and at last becomes an issue. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_DEATHS_AT_RECORD } from '../../../../src/base/bounds.ts';
import type { Issue } from '../../../../src/core/model/issue.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { ParseJob } from '../../../../src/engine/parse-job.ts';
import type { ParsePool } from '../../../../src/engine/pool.ts';
import { makeThreadPool } from '../../../../src/platform/node/thread-pool.ts';
import { proven } from '../../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
// A thread that was ended may still write the mark it was at.
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

/**
 * A thread whose jobs are lists of what to do at each record; a word with ! is done by the first thread only that meets it. Each
 * record is a batch and a reply of its own, as the parser's are once their tokens are many.
 */
const entry = join(folder, 'thread.mjs');
writeFileSync(
  entry,
  `import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
const empty = { batch: null, lines: 0, counts: {} };
parentPort.on('message', ({ id, verb, job }) => {
  const tell = (message) => parentPort.postMessage({ id, ...message });
  if (verb === 'configure') return tell({ type: 'done' });
  const words = job.name.split(' ');
  for (let record = job.taken ?? 0; record < words.length; record++) {
    const fault = job.passed?.get(record) ?? (job.passFrom && record >= job.passFrom.record ? job.passFrom.fault : null);
    const issues = fault ? [{ severity: 'record', file: job.path, line: record + 1, ...fault }] : [];
    if (fault === null) {
      if (job.isCareful) tell({ type: 'place', place: { record, size: 0, stage: 'parsing' } });
      const [word, once] = words[record].split('!');
      const mark = ${JSON.stringify(join(folder, 'met-'))} + job.path + record;
      if (once === undefined || !existsSync(mark)) {
        writeFileSync(mark, '');
        if (word === 'throw') throw new Error('out of luck');
        if (word === 'exit') process.exit(3);
        if (word === 'hang') for (;;);
        if (word === 'grow') for (const all = []; ;) all.push(new Array(1e6).fill(record));
        if (word === 'close') return parentPort.close();
        if (word === 'fail') return tell({ type: 'failed', reason: 'it failed', record });
        if (word === 'lost') return tell({ type: 'failed', reason: 'the file is gone' });
      }
    }
    tell({ type: 'reply', reply: { ...empty, issues, records: 1, bytes: 10, batches: 1 } });
  }
  tell({ type: 'done' });
});
`,
);

let jobs = 0;
interface Told {
  readonly records: number;
  readonly issues: readonly Pick<Issue, 'line' | 'code' | 'found'>[];
}

async function parsed(pool: ParsePool, name: string, signal?: AbortSignal): Promise<Told> {
  const span = { start: 0, end: 10 * name.split(' ').length, firstIndex: 0 };
  const job: ParseJob = { source: 0, name, path: `log-${jobs++}`, format: null, reader: 'lines', span };
  let records = 0;
  const issues: Issue[] = [];
  await pool.parse(
    job,
    { path: 'none' },
    (reply) => {
      records += reply.records;
      for (const issue of reply.issues) issues.push(issue);
    },
    signal,
  );
  return { records, issues };
}

async function configured(silent = 1): Promise<ParsePool> {
  const limits = { maxOldGenerationSizeMb: 64 };
  const pool = makeThreadPool(pathToFileURL(entry), 1, { silent, configure: 60 }, limits);
  await pool.configure(DEFAULT_OPEN_SETTINGS);
  return pool;
}

describe('a parse thread that stops', () => {
  it.each([
    ['throw', 'thread-died', 'out of luck'],
    ['exit', 'thread-died', 'it ended with code 3'],
    ['grow', 'thread-died', 'memory'],
    ['fail', 'failed', 'it failed'],
    ['hang', 'stuck', 'none, at its JSON'],
    ['close', 'thread-died', 'it ended with code'],
  ])('by %s costs the record that it was at, and no other', async (how, code, why) => {
    const pool = await configured(how === 'hang' ? 1 : 60);
    const { records, issues } = await parsed(pool, `fine fine ${how} fine`);
    expect(records).toBe(4);
    expect(issues).toEqual([expect.objectContaining({ line: 3, code, found: expect.stringContaining(why) as string })]);
    expect(await parsed(pool, 'fine')).toEqual({ records: 1, issues: [] });
  });

  it.each(['throw', 'exit', 'hang', 'close'])('by %s, but only once, costs nothing', async (how) => {
    const pool = await configured();
    expect(await parsed(pool, `fine ${how}! fine`)).toEqual({ records: 3, issues: [] });
  });

  it('says what the whole part comes to where every thread dies at every record', async ({ task }) => {
    const pool = await configured();
    const words = Array.from({ length: 20 }, () => 'exit');
    const { records, issues } = await parsed(pool, words.join(' '));
    expect(records).toBe(20);
    expect(issues).toHaveLength(20);
    expect(issues.filter(({ code }) => code === 'thread-died')).toHaveLength(8);
    proven(task, {
      part: 'Watchdog',
      fault: 'Parse threads in Node die at each of 20 records of a part',
      happened: `each of 8 records was tried by ${MAX_DEATHS_AT_RECORD} threads, the rest by none; 20 records = 0 rollouts + 20 issues`,
    });
  });

  it('rejects what is no matter of a record', async () => {
    await expect(parsed(await configured(), 'fine lost fine')).rejects.toThrow('the file is gone');
  });
});

describe('cancelling', () => {
  it('ends a thread that hangs, and the next files are read at once', async ({ task }) => {
    // Nothing else would end it within the test.
    const pool = await configured(3600);
    const controller = new AbortController();
    const hanging = parsed(pool, 'fine hang fine', controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(hanging).rejects.toThrow('aborted');
    expect(await parsed(pool, 'fine')).toEqual({ records: 1, issues: [] });
    proven(task, {
      part: 'Watchdog',
      fault: 'Reading is cancelled while a parse thread in Node hangs',
      happened: 'the thread is ended, and the next file of 1 record is read by another',
    });
  });

  it('is not waited for by those who configure', async () => {
    const pool = await configured(3600);
    const controller = new AbortController();
    const hanging = parsed(pool, 'hang', controller.signal);
    const ended = expect(hanging).rejects.toThrow('aborted');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await pool.configure(DEFAULT_OPEN_SETTINGS);
    expect(await parsed(pool, 'fine')).toEqual({ records: 1, issues: [] });
    controller.abort();
    await ended;
  });
});
