import { expect, it } from 'vitest';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { makeScorer, type Executor } from '../../../../src/engine/score/scorer.ts';
import { measureRate } from '../../../../src/engine/score/probe.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { quiet, TINY_LM } from '../../../helpers/tinyLm.ts';

const NONE = new Float32Array(0);
const works: Executor = { id: 'first', start: (bundle) => startNodeModel(bundle) };
const fails: Executor = {
  id: 'second',
  async start(bundle) {
    const model = await startNodeModel(bundle);
    const forward: LanguageModel['forward'] = () => Promise.reject(new Error('an operator is missing'));
    return { ...model, label: { ...model.label, device: { on: 'second', adapter: null, threads: null } }, forward };
  },
};

it('uses a device where the one that would stand in cannot run the model', async () => {
  const load = (executors: readonly Executor[]): ReturnType<ReturnType<typeof makeScorer>['load']> =>
    makeScorer({ executors, open: () => Promise.resolve(modelFolder(TINY_LM)) }).load(
      { model: { kind: 'bundled' }, executor: 'auto', dtype: null },
      quiet,
    );
  const loaded = await load([works, fails]);
  expect(loaded).toMatchObject({ ok: true, model: { executor: 'node wasm, 1 thread', selfCheck: null } });
  expect(loaded.ok && loaded.model.notes).toContain('second failed on the probe (an operator is missing)');
  // The other way round the one that works stands in.
  const turned = await load([fails, works]);
  expect(turned).toMatchObject({ ok: true, model: { executor: 'node wasm, 1 thread' } });
  expect(await load([fails])).toEqual({ ok: false, reason: 'an operator is missing' });
});

it('starts no second device beside a trusted one, and the next where that one fails', async () => {
  const load = (executors: readonly Executor[], executor = 'auto'): ReturnType<ReturnType<typeof makeScorer>['load']> =>
    makeScorer({ executors, open: () => Promise.resolve(modelFolder(TINY_LM)) }).load(
      { model: { kind: 'bundled' }, executor, dtype: null },
      quiet,
    );
  const refuses: Executor = { id: 'never', start: () => Promise.reject(new Error('started')) };
  const notes = async (...asked: Parameters<typeof load>): Promise<readonly string[]> => {
    const loaded = await load(...asked);
    if (!loaded.ok) throw new Error(loaded.reason);
    expect(loaded.model).toMatchObject({ executor: 'node wasm, 1 thread', selfCheck: null });
    return loaded.model.notes.filter((note) => !note.startsWith('the model finds ordinary text no likelier'));
  };
  expect(await notes([{ ...works, trusted: true }, refuses])).toEqual([]);
  expect(await notes([works, refuses])).toEqual(['never: started']);
  expect(await notes([{ ...fails, trusted: true }, works])).toEqual(['second failed on the probe (an operator is missing)']);
  // One that only a person names is passed over by itself.
  const named: Executor = { ...fails, named: true };
  expect(await notes([named, works])).toEqual([]);
  expect((await load([named], 'second')).ok).toBe(false);
});

it('starts no second device beside a model too large to be in memory twice, and says so', async () => {
  const refuses: Executor = { id: 'never', start: () => Promise.reject(new Error('started')) };
  const load = (executors: readonly Executor[]): ReturnType<ReturnType<typeof makeScorer>['load']> =>
    makeScorer({ executors, comparedBytes: 100_000, open: () => Promise.resolve(modelFolder(TINY_LM)) }).load(
      { model: { kind: 'bundled' }, executor: 'auto', dtype: null },
      quiet,
    );
  const loaded = await load([works, refuses]);
  if (!loaded.ok) throw new Error(loaded.reason);
  const said = /^node wasm, 1 thread is compared with no other device: the model's \d+ bytes would be in memory twice$/;
  expect(loaded.model.notes.filter((note) => said.test(note)).length).toBe(1);
  expect(loaded.model.notes.filter((note) => note.includes('started'))).toEqual([]);
  // The next one stands in where the first fails.
  const failed = await load([fails, works]);
  expect(failed).toMatchObject({ ok: true, model: { executor: 'node wasm, 1 thread' } });
});

it('estimates by the fastest of several requests, the first of which run code that is not optimised yet', async () => {
  const tokens = Int32Array.of(1, 2, 3, 4);
  const rateOf = async (times: readonly number[], probeRate: number): Promise<{ rate: number; passes: number }> => {
    let [clock, passes] = [0, 0];
    const forward: LanguageModel['forward'] = ({ width }) => {
      expect(width).toBe(100);
      clock += times[Math.min(passes++, times.length - 1)];
      return Promise.resolve({ entropy: NONE, logprob: NONE, gradient: NONE, sketches: null, cache: null });
    };
    const model = { context: 1000, forward } as unknown as LanguageModel;
    const probe = { entropy: NONE, surprisal: NONE, tokens: 4, tokensPerSecond: probeRate };
    return { rate: await measureRate(model, probe, tokens, 100, () => clock), passes };
  };
  expect(await rateOf([0.5, 0.25, 0.125], 5)).toEqual({ rate: 800, passes: 8 });
  // A slow device is asked once, or not at all.
  expect(await rateOf([10], 5)).toEqual({ rate: 10, passes: 1 });
  expect(await rateOf([10], 1)).toEqual({ rate: 1, passes: 0 });
  expect(await rateOf([0.1], 2000)).toMatchObject({ rate: 2000 });
});
