/** A model without memory for large requests gives the figures of one that has it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOutOfMemory } from '../../../../src/core/score/halving.ts';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { planScores } from '../../../../src/core/score/plan.ts';
import { runScores, type ScoreFacts, type ScoreOutcome } from '../../../../src/core/score/run.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { fakeModel, type FakeModel } from '../../../helpers/fakeModel.ts';
import { batches } from '../../../helpers/randomBatches.ts';

interface Small {
  readonly model: LanguageModel;
  readonly of: FakeModel;
  /** Tokens of each request that was refused. */
  readonly refused: number[];
}

/** Throws as WebAssembly does for requests of more than `most` tokens. */
function smallModel(context: number, most: number): Small {
  const of = fakeModel('small', context);
  const refused: number[] = [];
  const model: LanguageModel = {
    ...of,
    forward(request) {
      const tokens = request.rows * request.width;
      if (tokens <= most) return of.forward(request);
      refused.push(tokens);
      return Promise.reject(new RangeError('Array buffer allocation failed'));
    },
  };
  return { model, of, refused };
}

it('gives the same figures and sketches in halves, and does not ask for the same size twice', async () => {
  const drawn = fc.record({
    context: fc.integer({ min: 4, max: 14 }),
    chunk: fc.integer({ min: 2, max: 12 }),
    most: fc.integer({ min: 1, max: 6 }),
    start: fc.constantFrom(null, 9),
  });
  await fc.assert(
    fc.asyncProperty(batches({ keys: 3, maxRollouts: 8, values: 'none' }), drawn, async (batch, { context, chunk, most, start }) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest } = freeze(builder);
      const limits = { context, overlap: 2, chunk, batch: 4, cacheTokens: 1000, start };
      const plan = planScores(forest, wantedTokens(forest, 'sampled'), limits);
      const all = new Uint8Array(forest.edgeTokens.length).fill(1);
      const run = async (model: LanguageModel): Promise<{ facts: ScoreFacts[]; outcome: ScoreOutcome }> => {
        const facts: ScoreFacts[] = [];
        const outcome = await runScores(plan, forest.edgeTokens, {
          models: [() => Promise.resolve(model)],
          now: () => 0,
          control: { ready: () => Promise.resolve(), cancelled: false },
          sketch: { dim: 8, wanted: all.map((_, i) => i % 2) },
          onFacts: (some) => facts.push(some),
          onProgress: () => undefined,
        });
        return { facts, outcome };
      };
      const small = smallModel(context, most);
      expect(await run(small.model)).toEqual(await run(fakeModel('small', context)));
      expect(small.of.live.size).toBe(0);
      expect(small.refused).toEqual([...new Set(small.refused)].toSorted((a, b) => b - a));
    }),
    { numRuns: 60 },
  );
});

it('gives up where one token is too many, and where the reason is another', async () => {
  const builder = makeForestBuilder();
  const [batch] = fc.sample(batches({ keys: 1, maxRollouts: 4, values: 'none' }), { numRuns: 1, seed: 5 });
  if (batch !== undefined) builder.add(batch);
  const { forest } = freeze(builder);
  const wanted = wantedTokens(forest, 'all');
  const plan = planScores(forest, wanted, { context: 14, overlap: 2, chunk: 8, batch: 4, cacheTokens: 1000, start: 9 });
  expect(plan.steps).toBeGreaterThan(0);
  const outcomeOf = (model: LanguageModel): Promise<ScoreOutcome> =>
    runScores(plan, forest.edgeTokens, {
      models: [() => Promise.resolve(model)],
      now: () => 0,
      control: { ready: () => Promise.resolve(), cancelled: false },
      onFacts: () => undefined,
      onProgress: () => undefined,
    });
  expect(await outcomeOf(smallModel(14, 0).model)).toMatchObject({ ok: false, reason: 'small: Array buffer allocation failed' });
  const lost = fakeModel('lost', 14, { request: 0, reason: 'device lost' });
  expect(await outcomeOf(lost)).toMatchObject({ ok: false, reason: 'lost: device lost' });
  expect(lost.requests).toBe(1);
});

it.each([
  'std::bad_alloc',
  'the GPU is out of memory',
  'Array buffer allocation failed',
  'Aborted(OOM)',
  'failed to allocate memory for requested buffer of size 4096',
])('knows %s for a lack of memory', (message) => {
  expect(isOutOfMemory(new Error(message))).toBe(true);
});

it.each(['device lost', 'expected an input of int64', 'no room'])('knows %s for none', (message) => {
  expect(isOutOfMemory(new Error(message))).toBe(false);
});
