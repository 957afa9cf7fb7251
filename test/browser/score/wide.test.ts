/** A vocabulary of 151,936, as Qwen's models have, on WebGPU (here a software adapter) and on WebAssembly. */
import { expect, it } from 'vitest';
import { shapedModel } from '../../../scripts/shaped-models/model.mjs';
import { SHAPES, tinyShape } from '../../../scripts/shaped-models/shapes.mjs';
import type { ForwardReply } from '../../../src/core/score/language-model.ts';
import { scoreLimits } from '../../../src/engine/score/limits.ts';
import { loadBundle, type ModelBundle } from '../../../src/engine/score/model-folder.ts';
import tokenizer from '../../fixtures/tiny-lm/tokenizer.json?url';
import { startOn } from './tiny-lm.ts';

const VOCABULARY = 151_936;
/** What every WebGPU device binds at once. */
const BINDING = 128 << 20;

async function wideBundle(): Promise<ModelBundle> {
  const shape = {
    ...tinyShape(SHAPES['Qwen2.5-0.5B'], VOCABULARY),
    context: 512,
    width: 16,
    heads: 2,
    kvHeads: 1,
    headWidth: 8,
    inner: 16,
    layers: 1,
  };
  const made = shapedModel({ name: 'wide', shape, layoutName: 'optimum', weightsName: 'fp32', shardBytes: 0 });
  const blobs = new Map(made.map(({ path, pieces }) => [path, new Blob([...pieces()])]));
  blobs.set('tokenizer.json', await (await fetch(tokenizer)).blob());
  const folder = {
    name: 'wide',
    files: [...blobs].map(([path, { size }]) => ({ path, bytes: size })),
    read: async (path: string) => new Uint8Array(await (blobs.get(path) ?? new Blob()).arrayBuffer()),
  };
  const loaded = await loadBundle(folder, null, () => undefined, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

it('scores a whole request within one binding, on WebGPU as on WebAssembly', async () => {
  const bundle = await wideBundle();
  const replies: ForwardReply[] = [];
  for (const id of ['wasm', 'webgpu'] as const) {
    const model = await startOn(id, bundle);
    expect(model).toMatchObject({ vocabulary: VOCABULARY, notes: [] });
    const width = scoreLimits(model, null).chunk;
    expect(width * VOCABULARY * 4).toBeLessThanOrEqual(BINDING);
    expect((width + 1) * VOCABULARY * 4).toBeGreaterThan(BINDING);
    const tokens = Int32Array.from({ length: width }, (_, i) => (i * 7919) % VOCABULARY);
    replies.push(
      await model.forward({
        past: null,
        pastLength: 0,
        rows: 1,
        width,
        tokens,
        keep: false,
        queryAt: tokens.map((_, i) => i),
        // Also of the last tokens, which no tokenizer has.
        queryTarget: tokens.map((_, i) => (i % 2 === 0 ? VOCABULARY - 1 - i : i)),
        sketch: { dim: 64, wanted: Uint8Array.from(tokens, (_, i) => (i % 50 === 0 ? 1 : 0)) },
      }),
    );
    await model.dispose();
  }
  const [wasm, gpu] = replies;
  for (const column of ['entropy', 'logprob', 'gradient'] as const) {
    const expected = wasm?.[column] ?? new Float32Array(0);
    expect(new Set(expected).size).toBeGreaterThan(100);
    // Random weights make logits of ±30, which differ between devices by so much of their size.
    expected.forEach((value, q) => expect(Math.abs((gpu?.[column][q] ?? NaN) - value)).toBeLessThan(1e-3 * Math.max(1, Math.abs(value))));
  }
  const scales = wasm?.sketches?.scale ?? new Float32Array(0);
  expect(scales).toHaveLength(5);
  scales.forEach((scale, row) => expect((gpu?.sketches?.scale[row] ?? NaN) / scale).toBeCloseTo(1, 2));
}, 300_000);
