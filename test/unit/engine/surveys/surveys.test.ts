/** Surveys: every rollout is asked once, in records read again, and findings are held until the log changes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_TRUTHS } from '../../../../src/core/truths/settings.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { Dataset } from '../../../../src/engine/dataset.ts';
import type { ParsePool } from '../../../../src/engine/pool.ts';
import { calls } from '../../../../src/engine/surveys/calls.ts';
import { madeCalls } from '../../../../src/engine/surveys/made-calls.ts';
import { surveyById } from '../../../../src/engine/surveys/registry.ts';
import { makeSurveys, type Surveys } from '../../../../src/engine/surveys/session-surveys.ts';
import { openFileSource } from '../../../../src/platform/node/file-source.ts';
import { callLog, callRecord, type SaidRollout } from '../../../helpers/callLogs.ts';
import { openDataset } from '../../../helpers/openDataset.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';
import { unorderedPool } from '../../../helpers/unorderedPool.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const folder = mkdtempSync(join(tmpdir(), 'espalier-surveys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rollout = (id: string, ...tools: string[]): SaidRollout => ({
  id,
  task: 't',
  reward: 1,
  calls: tools.map((tool, i) => ({ tool, args: { i } })),
});
const never = new AbortController().signal;

interface Asked {
  readonly surveys: Surveys;
  readonly jobs: () => number;
  dataset: Dataset;
}

/** @param wait settles before a job is parsed */
async function asked(dataset: Dataset, wait: () => Promise<unknown> = () => Promise.resolve(), seed = 1): Promise<Asked> {
  const own = unorderedPool(3, seed);
  await own.configure(DEFAULT_OPEN_SETTINGS);
  let jobs = 0;
  const pool: ParsePool = {
    ...own,
    async parse(...job) {
      jobs++;
      await wait();
      return own.parse(...job);
    },
  };
  const state: Asked = {
    dataset,
    jobs: () => jobs,
    surveys: makeSurveys({ dataset: () => state.dataset, pool, opened: () => Promise.resolve() }),
  };
  return state;
}

describe('surveys', () => {
  it('ask every rollout of every file, whatever the order of replies', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => rollout(`r${i}`, ...['look', 'book', 'pay'].slice(0, i % 4)));
    const dataset = await openDataset([
      inputFile('a.jsonl', callLog(rows.slice(0, 25))),
      inputFile('b.json', `[${rows.slice(25).map(callRecord).join(',')}]`),
    ]);
    for (const seed of [1, 2, 3]) {
      const { surveys } = await asked(dataset, undefined, seed);
      const { of, unread } = await surveys.ask(calls, { longest: 6 }, never);
      expect(unread).toBeNull();
      const found = dataset.tokens.rollouts.map(({ id }, r) => [id, of[r]?.flat().map(({ tool, args }) => [tool, args])]);
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(rows.map(({ id, calls: own }) => [id, own.map(({ tool, args }) => [tool, JSON.stringify(args).slice(0, 6)])])),
      );
    }
  });

  it('hold what was found by settings, until the log changes', async () => {
    const first = await openDataset([inputFile('a.jsonl', callLog([rollout('a', 'look')]))]);
    const own = await asked(first);
    const found = await own.surveys.ask(calls, { longest: 9 }, never);
    expect(own.jobs()).toBe(1);
    expect(await own.surveys.ask(calls, { longest: 9 }, never)).toBe(found);
    expect(own.jobs()).toBe(1);
    await own.surveys.ask(calls, { longest: 8 }, never);
    await own.surveys.ask(madeCalls, null, never);
    expect(own.jobs()).toBe(3);
    own.dataset = { ...(await openDataset([inputFile('b.jsonl', callLog([rollout('b', 'pay')]))])), version: 2 };
    const next = await own.surveys.ask(calls, { longest: 9 }, never);
    expect(next.of[0]?.[0]?.[0]?.tool).toBe('pay');
    expect(found.of[0]?.[0]?.[0]?.tool).toBe('look');
  });

  it('hold nothing of a log that is closed', async () => {
    const own = await asked(await openDataset([inputFile('a.jsonl', callLog([rollout('a', 'look')]))]));
    await own.surveys.ask(calls, { longest: 9 }, never);
    const first = new WeakRef(own.dataset);
    own.dataset = { ...(await openDataset([inputFile('b.jsonl', callLog([rollout('b', 'pay')]))])), version: 2 };
    await own.surveys.ask(calls, { longest: 8 }, never);
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    expect(first.deref()).toBeUndefined();
  });

  it('answer those who stay when one who asked the same leaves, and end when all have left', async () => {
    const dataset = await openDataset([inputFile('a.jsonl', callLog([rollout('a', 'look')]))]);
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const own = await asked(dataset, () => gate);
    const [one, two] = [new AbortController(), new AbortController()];
    const [first, second] = [own.surveys.ask(calls, { longest: 9 }, one.signal), own.surveys.ask(calls, { longest: 9 }, two.signal)];
    one.abort();
    await expect(first).rejects.toThrow(/abort/i);
    go();
    expect((await second).of).toHaveLength(1);
    expect(own.jobs()).toBe(1);

    const alone = new AbortController();
    const left = own.surveys.ask(calls, { longest: 7 }, alone.signal);
    alone.abort();
    await expect(left).rejects.toThrow(/abort/i);
    // What was given up is asked anew.
    expect((await own.surveys.ask(calls, { longest: 7 }, never)).of).toHaveLength(1);
  });

  it('refuse a file that is another since it was opened', async () => {
    const text = callLog([rollout('a', 'look'), rollout('b', 'look')]);
    const at = join(folder, 'a.jsonl');
    writeFileSync(at, text);
    const { session } = await openSession([{ path: 'a.jsonl', source: await openFileSource(at), handle: { path: at } }]);
    expect((await session.truths(DEFAULT_TRUTHS)).unread).toBeNull();
    writeFileSync(at, text.replaceAll('look', 'hook'));
    // What was found stays; what is asked anew is refused.
    expect((await session.truths({ ...DEFAULT_TRUTHS, tools: 'all' })).unread).toBeNull();
    const again = await openSession([{ path: 'a.jsonl', source: await openFileSource(at), handle: { path: at } }]);
    writeFileSync(at, text);
    await expect(again.session.truths(DEFAULT_TRUTHS)).rejects.toMatchObject({ name: 'ChangedInput' });
  });

  it('say nothing of rollouts without messages', async () => {
    const ids = { prompt_ids: [1, 2], completion_ids: [3, 4], reward: 1 };
    const dataset = await openDataset([
      inputFile('a.jsonl', callLog([rollout('a', 'look')])),
      inputFile('ids.jsonl', `${JSON.stringify(ids)}\n${JSON.stringify(ids)}\n`),
    ]);
    const { surveys } = await asked(dataset);
    const { of } = await surveys.ask(madeCalls, null, never);
    const byFile = dataset.tokens.rollouts.map(({ source }, r) => [dataset.opening.inputs[source]?.path, of[r]?.calls.length ?? null]);
    expect(byFile).toContainEqual(['a.jsonl', 1]);
    for (const [path, count] of byFile) if (path === 'ids.jsonl') expect(count === null || count === 0).toBe(true);
  });

  it('are known by id', () => {
    expect(surveyById('calls')).toBe(calls);
    expect(() => surveyById('nothing')).toThrow('no survey nothing');
  });
});
