/** Parse workers of a real browser that hang, die, or are ended by somebody else: nothing is lost, and cancelling ends them. */
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../src/engine/answers/opening.ts';
import { makeSession } from '../../src/engine/session.ts';
import { blobSource } from '../../src/platform/browser/blob-source.ts';
import { unpack } from '../../src/platform/browser/unpack.ts';
import { spawnParsePool, spawnSession } from '../../workers/spawn.ts';
import { conversations, ENDLESS_TEXT, HANGING } from '../helpers/hangingTokenizer.ts';
import { proven } from '../helpers/proven.ts';

const hanging: OpenSettings = { ...DEFAULT_OPEN_SETTINGS, tokenizer: HANGING };
const blob = (path: string, text: string) => ({ path, blob: new Blob([text]) });
const quiet = (): void => undefined;

describe('a regular expression without end', () => {
  it('costs the record that it is at, and no other', async ({ task }) => {
    const session = spawnSession();
    const files = [blob('log.jsonl', conversations('one', ENDLESS_TEXT, 'three')), blob('other.jsonl', conversations('four', 'five'))];
    const facts = await session.open(files, hanging, quiet);
    const { issues } = await session.issues(0, 10);
    expect(facts).toMatchObject({ rollouts: 4, issues: 1, complete: true });
    expect(issues).toMatchObject([
      { code: 'stuck', file: 'log.jsonl', line: 2, address: { start: conversations('one').length }, severity: 'record' },
    ]);
    expect(issues[0]?.found).toContain('its regular expressions');
    session.dispose();
    proven(task, {
      part: 'Watchdog',
      fault: 'A tokenizer’s regular expression never ends on one of five records, in Chromium',
      happened: `${issues[0]?.expected}: the worker is replaced twice, that record is an issue; 5 records = 4 rollouts + 1 issue`,
    });
  });

  it('is ended by cancelling, and the next files open at once', async ({ task }) => {
    const session = spawnSession();
    const opened = session.open([blob('log.jsonl', conversations(ENDLESS_TEXT))], hanging, quiet);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await session.cancel('opening');
    await expect(opened).rejects.toMatchObject({ name: 'AbortError' });
    const facts = await session.open([blob('next.jsonl', conversations('one', 'two'))], DEFAULT_OPEN_SETTINGS, quiet);
    expect(facts).toMatchObject({ rollouts: 2, issues: 0 });
    // Without cancelling too: other files take the place of those that hang.
    const left = session.open([blob('log.jsonl', conversations(ENDLESS_TEXT))], hanging, quiet);
    left.catch(quiet);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await session.open([blob('last.jsonl', conversations('one'))], DEFAULT_OPEN_SETTINGS, quiet)).toMatchObject({ rollouts: 1 });
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    session.dispose();
    proven(task, {
      part: 'Watchdog',
      fault: 'Opening is cancelled, or other files are opened, while a parse worker hangs in Chromium',
      happened: 'the worker is ended; the next files open with 2 and 1 rollouts',
    });
  });
});

describe('a parse worker', () => {
  const Plain = Worker;
  const workers: Worker[] = [];
  afterEach(() => {
    globalThis.Worker = Plain;
    workers.length = 0;
  });

  /** Many files, and a parse worker that meets its end when half of them are read. */
  async function openWhile(end: (worker: Worker) => void) {
    globalThis.Worker = class extends Plain {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.push(this);
      }
    };
    const session = makeSession({ pool: spawnParsePool(2), unpack });
    const texts = Array.from({ length: 40 }, (_, file) =>
      conversations(...Array.from({ length: 300 }, (_, index) => `question ${file} ${index} ${'words '.repeat(40)}`)),
    );
    const files = texts.map((text, index) => {
      const part = new Blob([text]);
      return { path: `${index}.jsonl`, source: blobSource(`${index}.jsonl`, part), handle: { blob: part } };
    });
    let ended = 0;
    const facts = await session.open(files, DEFAULT_OPEN_SETTINGS, ({ rollouts }) => {
      if (rollouts < 3000 || ended > 0) return;
      ended = workers.length;
      for (const worker of workers) end(worker);
    });
    expect(ended).toBe(2);
    expect(workers.length).toBeGreaterThan(2);
    return { facts, issues: session.issues(0, 10).issues };
  }

  it('that dies of an error loses nothing', async () => {
    const { facts, issues } = await openWhile((worker) => void worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })));
    expect(issues).toEqual([]);
    expect(facts).toMatchObject({ rollouts: 12_000, issues: 0, complete: true });
  });

  it('that is ended by somebody else, without a word, loses nothing', async ({ task }) => {
    const { facts, issues } = await openWhile((worker) => worker.terminate());
    expect(issues).toEqual([]);
    expect(facts).toMatchObject({ rollouts: 12_000, issues: 0, complete: true });
    proven(task, {
      part: 'Faults',
      fault: 'Both parse workers of the page are killed while 40 files are read',
      happened:
        'others read again what they were at; ' +
        `12,000 records = ${facts.rollouts.toLocaleString('en')} rollouts + ${facts.issues} issues`,
    });
  });
});
