/** The tiny models on WebAssembly and on WebGPU (here a software adapter) score as they do in Node. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSketch } from '../../../src/core/gradient/store.ts';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import type { ModelBundle } from '../../../src/engine/score/model-folder.ts';
import recorded from '../../fixtures/tiny-lm/expected-scores.json?raw';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../helpers/tinyForest.ts';
import q4Recorded from '../../fixtures/tiny-gqa/expected-scores-q4.json?raw';
import q8Recorded from '../../fixtures/tiny-gqa/expected-scores-q8.json?raw';
import int8Recorded from '../../fixtures/tiny-gqa/expected-scores-int8.json?raw';
import { browserExecutors, buildForHere } from '../../../src/platform/browser/language-model.ts';
import { RUNTIME_FILES } from './runtime-files.ts';
import { deviceText } from '../../../src/core/score/model-source.ts';
import { groupedBundle, startOn, tinyBundle } from './tiny-lm.ts';

const expected = JSON.parse(recorded) as { entropy: (number | null)[]; surprisal: (number | null)[] };

let bundle: ModelBundle;
beforeAll(async () => {
  bundle = await tinyBundle();
});

it('runs the build for JSPI in this browser', () => {
  expect(buildForHere()).toBe('jspi');
  expect(new Set(browserExecutors(RUNTIME_FILES).map(({ runtime }) => runtime))).toEqual(new Set(['ONNX Runtime, JSPI build']));
});

describe.each([
  ['wasm', 'jspi'],
  ['webgpu', 'jspi'],
  ['wasm', 'asyncify'],
  ['webgpu', 'asyncify'],
] as const)('%s by the %s build', (id, build) => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await startOn(id, bundle, build);
  });
  afterAll(() => model.dispose());

  it('names itself', () => {
    expect(model.label).toMatchObject({ name: 'tiny-lm', dtype: 'fp16' });
    expect(deviceText(model.label.device)).toMatch(id === 'wasm' ? /^wasm, \d threads?$/ : /^webgpu \(.+\)$/);
  });

  it('scores as Node does, with cut-back caches, side by side rows and windows', async () => {
    const { outcome, plan, entropy, surprisal } = await scoreForest(tinyForest(), TINY_LIMITS, [() => Promise.resolve(model)]);
    expect(outcome).toMatchObject({ ok: true, fallbacks: [], forwarded: plan.forwarded });
    expect(plan.reanchored).toBeGreaterThan(2);
    expect(largestDifference(entropy, expected.entropy)).toBeLessThan(1e-3);
    expect(largestDifference(surprisal, expected.surprisal)).toBeLessThan(1e-3);
  });

  it('sketches gradients as wasm does', async () => {
    const tokens = Int32Array.from({ length: 12 }, (_, i) => (i * 37) % 293);
    const request = { past: null, pastLength: 0, rows: 1, width: 12, tokens, queryAt: tokens.map((_, i) => i), keep: false };
    const asked = { ...request, queryTarget: tokens.map((_, i) => tokens[(i + 1) % 12]!) };
    const sketch = { dim: 512, wanted: Uint8Array.from(tokens, (_, i) => (i % 3 === 0 ? 0 : 1)) };
    const vectors = async (on: LanguageModel): Promise<Float64Array[]> => {
      const { sketches } = await on.forward({ ...asked, sketch });
      if (sketches === null) throw new Error('no sketches came');
      return Array.from(sketches.scale, (_, row) => {
        const into = new Float64Array(512);
        addSketch(sketches, row, 1, into);
        return into;
      });
    };
    const wasm = await startOn('wasm', bundle, build);
    const [found, truth] = [await vectors(model), await vectors(wasm)];
    await wasm.dispose();
    expect(model.sketched).toEqual({ of: 'last layer', why: null });
    expect(found).toHaveLength(8);
    found.forEach((vector, row) => {
      const size = Math.hypot(...truth[row]!);
      expect(Math.hypot(...vector.map((value, k) => value - truth[row]![k]!)) / size).toBeLessThan(2e-3);
    });
  });
});

describe.each(['wasm', 'webgpu'] as const)('grouped-query attention on %s', (id) => {
  it.each([
    ['4-bit weights in an external file', 'q4', 'q4', q4Recorded],
    ['8-bit weights', 'q8', 'q8', q8Recorded],
    ['8-bit weights behind DequantizeLinear', 'int8', 'q8', int8Recorded],
  ] as const)('with %s scores as in Node', async (_, weights, dtype, scores) => {
    const model = await startOn(id, await groupedBundle(weights));
    expect(model).toMatchObject({ maxRows: 1, label: { name: 'tiny-gqa', dtype } });
    const { outcome, entropy } = await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]);
    expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
    await model.dispose();
    expect(largestDifference(entropy, (JSON.parse(scores) as { entropy: (number | null)[] }).entropy)).toBeLessThan(1e-3);
  });
});

describe('a device lost in mid-run', () => {
  it.each([
    ['jspi', () => import('onnxruntime-web/jspi')],
    ['asyncify', () => import('onnxruntime-web/webgpu')],
  ] as const)('is said by the %s build, and wasm goes on with every score kept', async (build, load) => {
    const { env } = await load();
    const gpu = await startOn('webgpu', bundle, build);
    const device = await env.webgpu.device;
    let scoredBefore = 0;
    const { outcome, plan, entropy } = await scoreForest(
      tinyForest(),
      TINY_LIMITS,
      [() => Promise.resolve(gpu), () => startOn('wasm', bundle, build)],
      (scored) => {
        if (scoredBefore > 0) return;
        scoredBefore = scored;
        device.destroy();
      },
    );
    expect(outcome).toMatchObject({ ok: true, cancelled: false, steps: plan.steps });
    expect(outcome.fallbacks).toHaveLength(1);
    expect(outcome.fallbacks[0]).toMatch(/^webgpu \(.+\): the GPU device was lost \(destroyed/);
    expect(scoredBefore).toBeGreaterThan(0);
    expect(largestDifference(entropy, expected.entropy)).toBeLessThan(1e-3);
  });
});
