/** What comparing with ground truths takes: how much is held, how often others are heard, how often rollouts are looked at. */
import { expect, it } from 'vitest';
import { asTruth, pairCost, type MadeCall } from '../../../../src/core/truths/calls.ts';
import { DEFAULT_TRUTHS } from '../../../../src/core/truths/settings.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { truthStops } from '../../../../src/engine/studies/truths/answer.ts';
import { makePairCosts, makeTaskMeasure } from '../../../../src/engine/studies/truths/measure.ts';
import { studyTruths } from '../../../../src/engine/studies/truths/study.ts';
import { madeCalls } from '../../../../src/engine/surveys/made-calls.ts';
import { makeSurveys } from '../../../../src/engine/surveys/session-surveys.ts';
import { callLog } from '../../../helpers/callLogs.ts';
import { openDataset } from '../../../helpers/openDataset.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { unorderedPool } from '../../../helpers/unorderedPool.ts';

const call = (value: number): MadeCall => ({ tool: 'run', args: [['command', String(value)]] });

it('costs of pairs are the same, however few are held', () => {
  const { costs, held } = makePairCosts(7);
  const truth = [1, 2, 3, 4, 5].map((value) => asTruth(call(value)));
  for (let rollout = 0; rollout < 20; rollout++) {
    const made = [rollout, rollout + 1, 3].map(call);
    const cost = costs(made, truth);
    for (const [i, own] of made.entries()) for (const [j, each] of truth.entries()) expect(cost(i, j)).toBe(pairCost(own, each));
    expect(held()).toBeLessThanOrEqual(7);
  }
});

it('whoever waits is heard after each ground truth', async () => {
  const truths = [1, 2, 3].map((value) => ({ calls: [asTruth(call(value))], answer: null, patch: null, rollouts: [] }));
  let heard = 0;
  const measure = makeTaskMeasure({ truths, tools: null, settings: DEFAULT_TRUTHS }, async () => void heard++);
  const made = { calls: [{ ...call(2), branch: 0, event: 0 }], answer: null, isAnswerCut: false, patch: null, reference: null };
  expect(await measure(0, made)).toMatchObject({ discrepancy: 0, nearest: 1 });
  expect(heard).toBe(3);
});

it('rollouts are looked at a few times, however many tasks there are', async () => {
  const log = callLog(
    Array.from({ length: 60 }, (_, t) => ({ id: `r${t}`, task: `t${t}`, reward: 1, calls: [{ tool: 'run', args: { command: t } }] })),
  );
  const dataset = await openDataset([inputFile('log.jsonl', log)]);
  const pool = unorderedPool(2, 1);
  await pool.configure(DEFAULT_OPEN_SETTINGS);
  const surveys = makeSurveys({ dataset: () => dataset, pool, opened: () => Promise.resolve() });
  const never = new AbortController().signal;
  const study = await studyTruths(await surveys.ask(madeCalls, null, never), DEFAULT_TRUTHS, never);
  let looks = 0;
  const deviations = new Proxy(study.deviations, {
    get(all, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) looks++;
      return Reflect.get(all, name) as unknown;
    },
  });
  const stops = truthStops({ ...study, deviations }, 0);
  expect(stops).toEqual(truthStops(study, 0));
  expect(stops.byTask).toHaveLength(60);
  expect(looks).toBeLessThan(10 * 60);
});
