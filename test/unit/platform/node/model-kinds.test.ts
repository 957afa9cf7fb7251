/** Models as other exporters write them: grouped-query attention, 4-bit weights in an external file, fp16 through and through. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { loadBundle, type ModelBundle } from '../../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet } from '../../../helpers/tinyLm.ts';
import { slowScores } from '../../core/score/replay.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/tiny-gqa');

async function bundleOf(dtype: string | null): Promise<ModelBundle> {
  const loaded = await loadBundle(modelFolder(FOLDER), dtype, quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

describe.each([
  // fp16 rounds at every step, and differently for other shapes of a product.
  { dtype: 'q4', within: 1e-4, cacheBytes: 2 * 16 * 4 }, { dtype: 'fp16', within: 3e-2, cacheBytes: 2 * 16 * 2 },
])('grouped-query attention, $dtype', ({ dtype, within, cacheBytes }) => {
  let model: LanguageModel;
  beforeAll(async () => { model = await startNodeModel(await bundleOf(dtype)); });
  afterAll(() => model.dispose());

  it('is read by the same contract', () => {
    expect(model.label.dtype).toBe(dtype);
    // Its attention takes several tokens after a cache for one row only.
    expect(model).toMatchObject({ maxRows: 1, vocabulary: 512, context: 128, cacheBytesPerToken: cacheBytes });
  });

  it('gives with shared prefixes what it gives for each text alone', async () => {
    const forest = tinyForest();
    const { entropy, surprisal, outcome } = await scoreForest(forest, { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]);
    expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
    const { contexts } = slowScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS.context, TINY_LIMITS.overlap, true);
    let spread = 0;
    for (const [position, context] of contexts) {
      const tokens = Int32Array.from(context, (at) => (at < 0 ? 0 : forest.edgeTokens[at]));
      const alone = await model.forward({
        past: null, pastLength: 0, rows: 1, width: tokens.length, tokens, queryAt: Int32Array.of(tokens.length - 1), queryTarget: Int32Array.of(forest.edgeTokens[position]), keep: false,
      });
      expect(Math.abs(entropy[position] - alone.entropy[0])).toBeLessThan(within);
      expect(Math.abs(surprisal[position] + alone.logprob[0])).toBeLessThan(within);
      spread = Math.max(spread, Math.abs(alone.entropy[0] + alone.logprob[0]));
    }
    expect(spread).toBeGreaterThan(1);
  });

  it.runIf(dtype === 'q4')('scores as recorded, which is what the browser is compared with', async () => {
    const { entropy } = await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]);
    const path = join(FOLDER, 'expected-scores.json');
    if (process.env['ESPALIER_WRITE_FIXTURES'] === '1') writeFileSync(path, `${JSON.stringify({ entropy: Array.from(entropy, (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6)) })}\n`);
    expect(largestDifference(entropy, (JSON.parse(readFileSync(path, 'utf8')) as { entropy: number[] }).entropy)).toBeLessThan(1e-3);
  });
});

it('takes the most exact weights where none are named', async () => {
  expect((await bundleOf(null)).dtype).toBe('fp16');
  const loaded = await loadBundle(modelFolder(FOLDER), 'q8', quiet, new AbortController().signal);
  expect(loaded.ok ? 'loaded' : loaded.reason).toBe('tiny-gqa: expected model.onnx as q8 in the model\'s folder, found model_fp16.onnx, model_q4.onnx');
});

it('misses a lost external data file by name', async () => {
  const folder = modelFolder(FOLDER);
  const loaded = await loadBundle({ ...folder, files: folder.files.filter(({ path }) => !path.endsWith('_data')) }, 'q4', quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  await expect(startNodeModel(loaded.bundle)).rejects.toThrow(/^tiny-gqa could not be loaded \(\d+ bytes of graph\): .*model_q4\.onnx_data/s);
});
