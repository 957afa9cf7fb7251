import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { planScores, type ScorePlan } from '../../../../src/core/score/plan.ts';
import { runScores, type RunControl, type ScoreFacts, type ScoreOutcome, type ScoreProgress } from '../../../../src/core/score/run.ts';
import { START } from '../../../../src/core/score/windows.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { fakeEntropy, fakeGradient, fakeModel } from '../../../helpers/fakeModel.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';
import { slowScores } from './replay.ts';

const FREE: RunControl = { ready: () => Promise.resolve(), cancelled: false };

interface Result {
  readonly outcome: ScoreOutcome;
  readonly entropy: ReadonlyMap<number, number>;
  readonly surprisal: ReadonlyMap<number, number>;
  readonly gradient: ReadonlyMap<number, number>;
  readonly progress: readonly ScoreProgress[];
}

async function run(
  plan: ScorePlan,
  forest: Forest,
  models: readonly (() => Promise<LanguageModel>)[],
  control = FREE,
  onFacts?: (facts: ScoreFacts) => void,
): Promise<Result> {
  const entropy = new Map<number, number>();
  const surprisal = new Map<number, number>();
  const gradient = new Map<number, number>();
  const progress: ScoreProgress[] = [];
  let clock = 0;
  const outcome = await runScores(plan, forest.edgeTokens, {
    models,
    now: () => clock++,
    control,
    onProgress: (at) => progress.push(at),
    onFacts(facts) {
      facts.at.forEach((at, i) => {
        entropy.set(at, facts.entropy[i]);
        surprisal.set(at, facts.surprisal[i]);
        gradient.set(at, facts.gradient[i]);
      });
      onFacts?.(facts);
    },
  });
  return { outcome, entropy, surprisal, gradient, progress };
}

/** What each wanted token must get, from its own path. */
function expected(forest: Forest, wanted: Uint8Array, plan: ScorePlan): Pick<Result, 'entropy' | 'surprisal' | 'gradient'> {
  const { contexts } = slowScores(forest, wanted, plan.limits.context, plan.limits.overlap, plan.limits.start !== null);
  const ids = (positions: readonly number[]): number[] =>
    positions.map((at) => (at === START ? plan.limits.start! : forest.edgeTokens[at]));
  const sorted = [...contexts];
  return {
    entropy: new Map(sorted.map(([at, seen]) => [at, fakeEntropy(ids(seen))])),
    surprisal: new Map(sorted.map(([at, seen]) => [at, fakeEntropy([...ids(seen), forest.edgeTokens[at]])])),
    gradient: new Map(sorted.map(([at, seen]) => [at, fakeGradient([...ids(seen), forest.edgeTokens[at]])])),
  };
}

const LIMITS = { context: 12, overlap: 3, chunk: 4, batch: 3, cacheTokens: 100, start: 9 };
const DRAWN = `
  a b C D E f G H I J K L M N
  a b C D E f G H I O P Q R S
  a b C T U
`;

describe('runScores', () => {
  it('gives each token what its own path gives, whichever model fails when', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches({ keys: 3, maxRollouts: 6, values: 'none' }),
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.nat(6)),
        fc.boolean(),
        async (batch, context, chunk, failAt, start) => {
          const builder = makeForestBuilder();
          builder.add(batch);
          const { forest } = freeze(builder);
          const wanted = wantedTokens(forest, 'sampled');
          const plan = planScores(forest, wanted, { context, overlap: 2, chunk, batch: 3, cacheTokens: 1000, start: start ? 9 : null });
          const first = fakeModel('first', context, failAt === null ? null : { request: failAt, reason: 'device lost' });
          const second = fakeModel('second', context);
          const { outcome, entropy, surprisal, gradient } = await run(plan, forest, [
            () => Promise.resolve(first),
            () => Promise.resolve(second),
          ]);
          const truth = expected(forest, wanted, plan);
          expect(new Map([...entropy].sort((a, b) => a[0] - b[0]))).toEqual(truth.entropy);
          expect(new Map([...surprisal].sort((a, b) => a[0] - b[0]))).toEqual(truth.surprisal);
          expect(new Map([...gradient].sort((a, b) => a[0] - b[0]))).toEqual(truth.gradient);
          expect(outcome).toMatchObject({ ok: true, cancelled: false, steps: plan.steps, forwarded: plan.forwarded });
          expect(outcome.fallbacks).toEqual(second.requests > 0 ? ['first: device lost'] : []);
          expect([first.live.size, second.live.size]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps what it has when the last model fails, and says why', async () => {
    const { forest } = treeFromText(DRAWN);
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), LIMITS);
    const { outcome, entropy } = await run(plan, forest, [
      () => Promise.reject(new Error('webgpu: no adapter')),
      () => Promise.resolve(fakeModel('wasm', 12, { request: 2, reason: 'device lost' })),
    ]);
    expect(outcome).toEqual({
      ok: false,
      reason: 'wasm: device lost',
      steps: 2,
      fallbacks: ['webgpu: no adapter', 'wasm: device lost'],
    });
    expect(entropy.size).toBeGreaterThan(0);
    expect(entropy.size).toBeLessThan(plan.queryTarget.length);
  });

  it('tries the fallback where a model answers with no number', async () => {
    const { forest } = treeFromText(DRAWN);
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), LIMITS);
    const broken = fakeModel('broken', 12);
    const forward = (request: Parameters<LanguageModel['forward']>[0]): ReturnType<LanguageModel['forward']> =>
      broken.forward(request).then((reply) => ({ ...reply, entropy: reply.entropy.fill(Number.NaN) }));
    const { outcome, entropy } = await run(plan, forest, [
      () => Promise.resolve({ ...broken, forward }),
      () => Promise.resolve(fakeModel('good', 12)),
    ]);
    expect(outcome.ok && outcome.fallbacks[0]).toMatch(
      /^broken: expected an entropy for each of \d+ tokens, found \d+ that are not numbers$/,
    );
    expect([...entropy.values()].some(Number.isNaN)).toBe(false);
    expect(broken.live.size).toBe(0);
  });

  it('stops between steps when cancelled, and waits while paused', async () => {
    const { forest } = treeFromText(DRAWN);
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), LIMITS);
    const model = fakeModel('wasm', 12);
    const control = { cancelled: false, waits: 0, ready: () => Promise.resolve(void control.waits++) };
    const { outcome } = await run(plan, forest, [() => Promise.resolve(model)], control, () => {
      control.cancelled = true;
    });
    expect(outcome).toMatchObject({ ok: true, cancelled: true, steps: 1 });
    expect(control.waits).toBe(2);
    expect(model.live.size).toBe(0);
  });

  it('reports tokens, rate and time left', async () => {
    const { forest } = treeFromText(DRAWN);
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), LIMITS);
    const { progress } = await run(plan, forest, [() => Promise.resolve(fakeModel('wasm', 12))]);
    expect(progress.length).toBe(plan.steps);
    // The test's clock ticks once a step.
    expect(progress[0]).toMatchObject({
      tokens: 4,
      totalTokens: plan.forwarded,
      tokensPerSecond: 4,
      secondsLeft: (plan.forwarded - 4) / 4,
    });
    expect(progress.at(-1)).toMatchObject({ tokens: plan.forwarded, secondsLeft: 0 });
  });

  it('has nothing to do without steps', async () => {
    const { forest } = treeFromText('a b c');
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), LIMITS);
    const { outcome } = await run(plan, forest, []);
    expect(outcome).toEqual({ ok: true, cancelled: false, steps: 0, forwarded: 0, rebuilt: 0, fallbacks: [] });
  });
});
