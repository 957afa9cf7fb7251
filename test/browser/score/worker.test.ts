/** The real score worker: choosing a device, checking it against the other, running, cancelling, refusing. */
import { afterAll, describe, expect, it } from 'vitest';
import { planScores } from '../../../src/core/score/plan.ts';
import type { ScoreFacts } from '../../../src/core/score/run.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import type { LoadAnswer, ModelFacts } from '../../../src/engine/score/scorer.ts';
import { spawnScorer } from '../../../workers/spawn.ts';
import recorded from '../../fixtures/tiny-lm/expected-scores.json?raw';
import { tinyForest, TINY_LIMITS } from '../../helpers/tinyForest.ts';
import { droppedTiny } from './tiny-lm.ts';

const expected = JSON.parse(recorded) as { entropy: (number | null)[] };
const scorer = spawnScorer();
afterAll(() => scorer.release());

async function load(executor: string, changes: Parameters<typeof droppedTiny>[0] = {}): Promise<LoadAnswer> {
  return scorer.load({ model: await droppedTiny(changes), executor, dtype: null }, () => undefined);
}

function factsOf(answer: LoadAnswer): ModelFacts {
  if (!answer.ok) throw new Error(answer.reason);
  return answer.model;
}

describe('the score worker', () => {
  it('says what a model weighs before it is read', async () => {
    const size = await scorer.size(await droppedTiny(), null);
    expect(size.ok && size.files.toSorted()).toEqual(['config.json', 'model.onnx', 'tokenizer.json', 'tokenizer_config.json']);
    expect(size.ok && size.bytes).toBeGreaterThan(200_000);
  });

  it('passes over a software adapter, and says so', async () => {
    const model = factsOf(await load('auto'));
    expect(model.executor).toMatch(/^wasm, /);
    expect(model.notes.join()).toMatch(/^webgpu: the only WebGPU adapter is .+, a software one/);
    expect(model.tokensPerSecond).toBeGreaterThan(0);
  });

  it('checks WebGPU against wasm when asked to use it', async () => {
    const model = factsOf(await load('webgpu'));
    expect(model.executor).toMatch(/^webgpu \(.+\)$/);
    expect(model.selfCheck).toMatchObject({ agrees: true });
    expect(model.selfCheck?.against).toMatch(/^wasm/);
    expect(model.selfCheck?.difference).toBeLessThan(1e-3);
  });

  it('runs a plan and streams what it finds', async () => {
    factsOf(await load('wasm'));
    const forest = tinyForest();
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS);
    const got = new Map<number, number>();
    let tokens = 0;
    const outcome = await scorer.run(
      { plan, edgeTokens: forest.edgeTokens },
      (facts: ScoreFacts) => facts.at.forEach((at, i) => got.set(at, facts.entropy[i])),
      (progress) => {
        ({ tokens } = progress);
      },
    );
    expect(outcome).toMatchObject({ ok: true, cancelled: false });
    expect(tokens).toBe(plan.forwarded);
    for (const [at, value] of got) expect(Math.abs(value - expected.entropy[at]!)).toBeLessThan(1e-3);
    expect(got.size).toBe(plan.queryTarget.length);
  });

  it('holds while paused, and ends when cancelled', async () => {
    factsOf(await load('wasm'));
    const forest = tinyForest();
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS);
    scorer.pause();
    let steps = 0;
    const run = scorer.run(
      { plan, edgeTokens: forest.edgeTokens },
      () => undefined,
      () => {
        steps++;
      },
    );
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(steps).toBe(0);
    scorer.cancel();
    expect(await run).toMatchObject({ ok: true, cancelled: true, steps: 0 });
  });

  it('refuses a cut-off graph with a reason', async () => {
    const answer = await load('auto', { 'model.onnx': (blob) => blob.slice(0, 90_000) });
    expect(answer.ok ? 'loaded' : answer.reason).toBe(
      'tiny-lm: model.onnx: expected an ONNX graph, found 90000 bytes that are not one, or only the beginning of one',
    );
  });

  it('lets a newer model overtake an older one that is still being read', async () => {
    const older = load('wasm').then(
      () => 'loaded',
      (error: unknown) => String(error),
    );
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    factsOf(await load('wasm'));
    expect(await older).toContain('the score worker ended: another model was asked for');
  });

  it('reaches the bundled model beside the page', async () => {
    const size = await scorer.size({ kind: 'bundled' }, null);
    expect(size.ok ? size.files : size.reason).toEqual(expect.arrayContaining(['model.onnx', 'tokenizer.json']));
  });
});
