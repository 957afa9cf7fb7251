/** The importance graph on WebGPU (here a software adapter) equals the typed-array path, beside a language model on the same device. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import { OUTPUT_ROWS } from '../../../src/core/signal/importance-graph.ts';
import type { GraphRunner } from '../../../src/engine/score/graph-runner.ts';
import { makeGraphRunner } from '../../../src/platform/browser/graph-runner.ts';
import { chainForest, hubForest, importanceErrors, importanceWork, scoredForest } from '../../helpers/importance.ts';
import { deviceText } from '../../../src/core/score/model-source.ts';
import { startOn, tinyBundle } from './tiny-lm.ts';

let model: LanguageModel;
let runner: GraphRunner;
beforeAll(async () => {
  model = await startOn('webgpu', await tinyBundle());
  const ort = await import('onnxruntime-web/jspi');
  runner = makeGraphRunner(ort, await ort.env.webgpu.device, deviceText(model.label.device));
});
afterAll(async () => {
  await runner.release();
  await model.dispose();
});

it.each([
  ['rollouts that fork', () => scoredForest(4000, 120, [40, 120], 16)],
  ['a root with 3,000 children whose advantages add up to nothing', () => hubForest(3000)],
  ['a chain of 1,500 levels', () => chainForest(1500)],
] as const)(
  '%s',
  async (name, make) => {
    const forest = make();
    const rule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'grpo', gamma: 0.99 } as const;
    const { onnx, columns } = importanceWork(forest, rule);
    const job = { key: name, onnx, output: 'scores', unasked: false };
    const scores = await runner.run({ ...job, groups: [{ name: 'all', key: name, columns }] });
    const errors = importanceErrors(forest, rule, scores);
    for (const row of OUTPUT_ROWS) expect(errors[row], row).toBeLessThan(1e-5);
    // The columns are held there under their key.
    const again = await runner.run({ ...job, groups: [{ name: 'all', key: name, columns: null }] });
    expect(importanceErrors(forest, rule, again)).toMatchObject({ advantages: 0 });
    await expect(runner.run({ ...job, groups: [{ name: 'all', key: 'another', columns: null }] })).rejects.toThrow(/does not hold/);
  },
  60_000,
);

it('says which column is too large for the device, and leaves a software adapter alone unless asked', async () => {
  const ort = await import('onnxruntime-web/jspi');
  const device = await ort.env.webgpu.device;
  const { onnx, columns } = importanceWork(chainForest(2000), DEFAULT_RULE);
  const job = { key: 'large', onnx, output: 'scores', groups: [{ name: 'all', key: 'large', columns }] };
  const small = makeGraphRunner(ort, device, 'webgpu', 4096);
  await expect(small.run({ ...job, unasked: false })).rejects.toThrow(/"\w+" takes \d+ bytes, more than the 4096/);
  if (device.adapterInfo.isFallbackAdapter) await expect(runner.run({ ...job, unasked: true })).rejects.toThrow(/software adapter/);
  else expect(await runner.run({ ...job, unasked: true })).toHaveLength(7 * 2000);
});
