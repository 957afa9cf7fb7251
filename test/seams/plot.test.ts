/** A plot is a file and a line: a toy one, put into the list, is answered with the others. */
import { expect, it, vi } from 'vitest';
import { denseRatios } from '../../src/core/statistics/ratios.ts';
import { statisticsCsv } from '../../src/engine/plots/rows.ts';
import type { Plot } from '../../src/engine/plots/plot.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/engine/plots/registry.ts', async (original) => {
  const { PLOTS } = await original<typeof import('../../src/engine/plots/registry.ts')>();
  const talk: Plot = {
    id: 'talk',
    label: 'Talk',
    help: 'Sampled tokens of a turn that calls nothing, at most.',
    unit: 'tokens',
    format: 'decimal',
    kind: 'rate',
    measure: ({ turns }) => ({ ratios: denseRatios(turns.sampled, turns.turns), cells: [{ label: 'all', term: null }] }),
  };
  return { PLOTS: [...PLOTS, talk] };
});

const RECORD = '{"id":"one","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n';

it('is answered with the others', async () => {
  const { session } = await openSession([inputFile('a.jsonl', RECORD)]);
  const answer = await session.statistics({ where: '', split: null, resamples: 0, cut: null }, () => undefined);
  if (!answer.ok) throw new Error(answer.fault);
  const talk = answer.plots.find(({ id }) => id === 'talk');
  expect(talk?.value).toEqual(answer.plots.find(({ id }) => id === 'tokens-per-turn')?.value);
  expect(statisticsCsv(answer.plots, answer)).toMatch(/^talk,all,all,,,1,\d/m);
});
