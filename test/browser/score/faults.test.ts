/** Devices that fail for real (other weights, no memory, an operator that is not there): it is said, wasm goes on, and no score is lost. */
import { env } from 'onnxruntime-web/jspi';
import { afterAll, describe, expect, it } from 'vitest';
import { planScores } from '../../../src/core/score/plan.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import type { ModelBundle } from '../../../src/engine/score/model-folder.ts';
import { makeScorer, type Executor, type ModelFacts, type Scorer } from '../../../src/engine/score/scorer.ts';
import { USAGE } from '../../../src/platform/browser/gpu-flags.ts';
import { openModel } from '../../../src/platform/browser/model-files.ts';
import { spawnScorer } from '../../../workers/spawn.ts';
import recorded from '../../fixtures/tiny-lm/expected-scores.json?raw';
import q4Recorded from '../../fixtures/tiny-gqa/expected-scores-q4.json?raw';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../helpers/tinyForest.ts';
import { droppedGrouped, startOn, tinyBundle, type Grouped } from './tiny-lm.ts';

type Recorded = { readonly entropy: (number | null)[] };
const expected = JSON.parse(recorded) as Recorded;

async function factsOf(loading: ReturnType<Scorer['load']>): Promise<ModelFacts> {
  const answer = await loading;
  if (!answer.ok) throw new Error(answer.reason);
  return answer.model;
}

describe('a device that computes something else', () => {
  /** Other weights in the same graph: a model that runs well and is wrong. */
  const perturbed = (bundle: ModelBundle): ModelBundle => ({
    ...bundle,
    data: bundle.data.map(({ path, data }) => ({ path, data: data.map((byte, i) => (i % 5 === 0 ? byte ^ 0x11 : byte)) })),
  });
  const wrong: Executor = { id: 'webgpu', start: (bundle) => startOn('webgpu', perturbed(bundle)) };
  const right: Executor = { id: 'wasm', start: (bundle) => startOn('wasm', bundle) };

  it("is found out on the probe and passed over, and the run is the other one's", async () => {
    const scorer = makeScorer({ executors: [wrong, right], open: (choice, signal) => openModel(choice, 'http://localhost/', signal) });
    const facts = await factsOf(scorer.load({ model: await droppedGrouped('q4'), executor: 'auto', dtype: null }, () => undefined));
    expect(facts.selfCheck).toMatchObject({ agrees: false });
    expect(facts.selfCheck?.difference).toBeGreaterThan(1e-2);
    expect(facts.selfCheck?.difference).toBeLessThan(Infinity);
    expect(facts.executor).toMatch(/^wasm, /);
    expect(facts.notes.join('\n')).toMatch(
      /^webgpu \(.+\) differs from wasm, \d threads? by [\d.]+ nats on the probe, more than 0\.01 and is not used$/m,
    );
    const forest = tinyForest();
    const entropy = new Float32Array(forest.edgeTokens.length).fill(Number.NaN);
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), { ...TINY_LIMITS, batch: 1 });
    const outcome = await scorer.run(
      { plan, edgeTokens: forest.edgeTokens },
      (found) =>
        found.at.forEach((at, i) => {
          entropy[at] = found.entropy[i];
        }),
      () => undefined,
    );
    await scorer.release();
    expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
    expect(largestDifference(entropy, (JSON.parse(q4Recorded) as Recorded).entropy)).toBeLessThan(1e-3);
  });
});

describe('a GPU error in mid-run', () => {
  /** Runs the tiny model on WebGPU with wasm behind it; `fault` is let loose after the first scores. */
  async function runWith(
    prepare: (device: GPUDevice) => Promise<(device: GPUDevice) => void>,
  ): Promise<{ fallbacks: readonly string[]; before: number; difference: number }> {
    const bundle = await tinyBundle();
    const gpu = await startOn('webgpu', bundle);
    const device = await env.webgpu.device;
    const fault = await prepare(device);
    let before = 0;
    const { outcome, plan, entropy } = await scoreForest(
      tinyForest(),
      TINY_LIMITS,
      [() => Promise.resolve(gpu), () => startOn('wasm', bundle)],
      (scored) => {
        if (before > 0 || scored === 0) return;
        before = scored;
        fault(device);
      },
    );
    expect(outcome).toMatchObject({ ok: true, cancelled: false, steps: plan.steps });
    return { fallbacks: outcome.fallbacks, before, difference: largestDifference(entropy, expected.entropy) };
  }

  /** How many of the largest buffers it takes to fill the card; a software adapter refuses the first. */
  async function buffersUntilFull(device: GPUDevice, take: () => void): Promise<number> {
    for (let count = 1; count <= 256; count++) {
      device.pushErrorScope('out-of-memory');
      take();
      if ((await device.popErrorScope()) !== null) return count;
    }
    throw new Error('expected the GPU to run out of memory');
  }

  it('out of memory, and goes on there in halves', async () => {
    const held: GPUBuffer[] = [];
    const take = (device: GPUDevice): void =>
      void held.push(device.createBuffer({ size: device.limits.maxBufferSize, usage: USAGE.storage }));
    const { fallbacks, before, difference } = await runWith(async (device) => {
      const room = await buffersUntilFull(device, () => take(device));
      for (const buffer of held.splice(0)) buffer.destroy();
      return () => {
        for (let i = 0; i < room; i++) take(device);
      };
    });
    for (const buffer of held) buffer.destroy();
    expect(fallbacks).toEqual([]);
    expect(before).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-3);
  });

  it('a call that the device rejects', async () => {
    const { fallbacks, before, difference } = await runWith(() =>
      Promise.resolve((device) => {
        device.createBuffer({ size: 2 * device.limits.maxBufferSize, usage: USAGE.storage });
      }),
    );
    expect(fallbacks).toHaveLength(1);
    expect(fallbacks[0]).toMatch(/^webgpu \(.+\): .*exceeds the max buffer size limit/s);
    expect(before).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-3);
  });
});

describe('what the runtime cannot load', () => {
  const scorer = spawnScorer();
  afterAll(() => scorer.release());
  const load = async (weights: Grouped, executor: string, changes: Parameters<typeof droppedGrouped>[1] = {}): ReturnType<Scorer['load']> =>
    scorer.load({ model: await droppedGrouped(weights, changes), executor, dtype: null }, () => undefined);

  it('an operator that the device lacks sends the model to the other one', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const facts = await factsOf(load('fp16', 'webgpu'));
    if (adapter?.features.has('shader-f16')) expect(facts.executor).toMatch(/^webgpu/);
    else {
      expect(facts.executor).toMatch(/^wasm, /);
      expect(facts.notes.join('\n')).toMatch(
        /^webgpu \(.+\) failed on the probe .*Gather requires f16 but the device does not support it.* and is not used$/m,
      );
    }
  });

  it('an operator that wasm lacks leaves the model without a second opinion on WebGPU, and refuses it on wasm by its name', async () => {
    const facts = await factsOf(load('blocks', 'webgpu'));
    expect(facts).toMatchObject({ dtype: 'q8', selfCheck: null });
    expect(facts.executor).toMatch(/^webgpu \(/);
    expect(facts.notes.join('\n')).toMatch(/^wasm: tiny-gqa could not be loaded .*GatherBlockQuantized/m);
    const refused = await load('blocks', 'wasm');
    expect(refused.ok ? 'loaded' : refused.reason).toMatch(/^wasm: tiny-gqa could not be loaded .*GatherBlockQuantized/);
  });

  it('an operator that nobody has is a refusal that names it', async () => {
    const model = await droppedGrouped('int8');
    if (model.kind !== 'files') throw new Error('expected files');
    const files = await Promise.all(
      model.files.map(async ({ path, blob }) => ({
        path,
        blob: path.endsWith('.onnx') ? await renamed(blob as Blob, 'Sigmoid', 'Sigmold') : blob,
      })),
    );
    const refused = await scorer.load({ model: { ...model, files }, executor: 'webgpu', dtype: null }, () => undefined);
    expect(refused.ok ? 'loaded' : refused.reason).toMatch(
      new RegExp(
        '^wasm: tiny-gqa could not be loaded \\(\\d+ bytes of graph\\): (?!.*ERROR_CODE).*No Op registered for Sigmold.*; ' +
          'webgpu: tiny-gqa could not be loaded .*Sigmold',
        's',
      ),
    );
  });

  it('cut-off external data is a refusal', async () => {
    const refused = await load('q4', 'webgpu', { 'model_q4.onnx_data': (blob) => blob.slice(0, 100_000) });
    expect(refused.ok ? 'loaded' : refused.reason).toMatch(
      /^wasm: tiny-gqa could not be loaded .*model_q4\.onnx_data.*; webgpu: tiny-gqa could not be loaded /s,
    );
  });
});

/** Replaces a name in a graph by one of equal length. */
async function renamed(blob: Blob, from: string, to: string): Promise<Blob> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const [was, is] = [from, to].map((name) => new TextEncoder().encode(name));
  for (let at = 0; at + was.length <= bytes.length; at++) if (was.every((byte, i) => bytes[at + i] === byte)) bytes.set(is, at);
  return new Blob([bytes]);
}
