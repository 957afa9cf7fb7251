/**
 * Models as other exporters write them: grouped-query attention; weights of 4 bits in an external file, of 8 bits
 * packed, in a table and behind DequantizeLinear, of fp16.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { loadBundle, type ModelBundle, type ModelFolder } from '../../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet } from '../../../helpers/tinyLm.ts';
import { slowScores } from '../../core/score/replay.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/tiny-gqa');

/** The folder with one graph, under another name. */
function only(graph: string, name: string): ModelFolder {
  const folder = modelFolder(FOLDER);
  const files = folder.files
    .filter(({ path }) => path.startsWith(graph) || !path.startsWith('model'))
    .map((file) => (file.path === graph ? { ...file, path: name } : file));
  return { ...folder, files, read: (path, ...rest) => folder.read(path === name ? graph : path, ...rest) };
}

async function bundleOf(dtype: string | null): Promise<ModelBundle> {
  const folder = dtype === 'blocks' ? only('model_blocks.onnx', 'model.onnx') : modelFolder(FOLDER);
  const loaded = await loadBundle(folder, dtype === 'blocks' ? null : dtype, quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

describe.each([
  // fp16 rounds at every step, and differently for other shapes of a product.
  { dtype: 'q4', label: 'q4', within: 1e-4, cacheBytes: 2 * 16 * 4 },
  { dtype: 'q8', label: 'q8', within: 1e-4, cacheBytes: 2 * 16 * 4 },
  { dtype: 'blocks', label: 'q8', within: 1e-4, cacheBytes: 2 * 16 * 4 },
  { dtype: 'int8', label: 'q8', within: 1e-4, cacheBytes: 2 * 16 * 4 },
  { dtype: 'fp16', label: 'fp16', within: 3e-2, cacheBytes: 2 * 16 * 2 },
])('grouped-query attention, $dtype', ({ dtype, label, within, cacheBytes }) => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await startNodeModel(await bundleOf(dtype));
  });
  afterAll(() => model.dispose());

  it('is read by the same contract', () => {
    expect(model.label.dtype).toBe(label);
    // Its attention takes several tokens after a cache for one row only.
    expect(model).toMatchObject({ maxRows: 1, vocabulary: 512, context: 128, cacheBytesPerToken: cacheBytes });
  });

  it('gives with shared prefixes what it gives for each text alone', async () => {
    const forest = tinyForest();
    const { entropy, surprisal, outcome } = await scoreForest(forest, { ...TINY_LIMITS, batch: model.maxRows }, [
      () => Promise.resolve(model),
    ]);
    expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
    const { contexts } = slowScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS.context, TINY_LIMITS.overlap, true);
    let spread = 0;
    for (const [position, context] of contexts) {
      const tokens = Int32Array.from(context, (at) => (at < 0 ? 0 : forest.edgeTokens[at]));
      const alone = await model.forward({
        past: null,
        pastLength: 0,
        rows: 1,
        width: tokens.length,
        tokens,
        queryAt: Int32Array.of(tokens.length - 1),
        queryTarget: Int32Array.of(forest.edgeTokens[position]),
        keep: false,
      });
      expect(Math.abs(entropy[position] - alone.entropy[0])).toBeLessThan(within);
      expect(Math.abs(surprisal[position] + alone.logprob[0])).toBeLessThan(within);
      spread = Math.max(spread, Math.abs(alone.entropy[0] + alone.logprob[0]));
    }
    expect(spread).toBeGreaterThan(1);
  });

  // The other two have no recorded scores: in the browser they are held to other kinds, or refused.
  if (dtype !== 'fp16' && dtype !== 'blocks')
    it('scores as recorded, which is what the browser is compared with', async () => {
      const { entropy } = await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]);
      const path = join(FOLDER, `expected-scores-${dtype}.json`);
      if (process.env['ESPALIER_WRITE_FIXTURES'] === '1')
        writeFileSync(
          path,
          `${JSON.stringify({ entropy: Array.from(entropy, (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6)) })}\n`,
        );
      expect(largestDifference(entropy, (JSON.parse(readFileSync(path, 'utf8')) as { entropy: number[] }).entropy)).toBeLessThan(1e-3);
    });
});

it('takes the most exact weights where none are named', async () => {
  expect((await bundleOf(null)).dtype).toBe('fp16');
  const loaded = await loadBundle(modelFolder(FOLDER), 'bnb4', quiet, new AbortController().signal);
  expect(loaded.ok ? 'loaded' : loaded.reason).toBe(
    "tiny-gqa: expected model.onnx as bnb4 in the model's folder, found " +
      'model_blocks.onnx, model_fp16.onnx, model_int8.onnx, model_q4.onnx, model_q8.onnx',
  );
});

describe('a file name', () => {
  async function renamed(from: string, to: string): Promise<Pick<ModelBundle, 'dtype' | 'notes'>> {
    const loaded = await loadBundle(only(from, to), null, quiet, new AbortController().signal);
    if (!loaded.ok) throw new Error(loaded.reason);
    return { dtype: loaded.bundle.dtype, notes: loaded.bundle.notes };
  }

  it.each(['model.onnx', 'model_quantized.onnx', 'model_q8.onnx', 'model_int8.onnx', 'model_uint8.onnx'])(
    'that is not said or fits changes nothing: %s',
    async (name) => {
      expect(await renamed('model_q8.onnx', name)).toEqual({ dtype: 'q8', notes: [] });
      expect(await renamed('model_int8.onnx', name)).toEqual({ dtype: 'q8', notes: [] });
    },
  );

  it('that says other weights than the file holds is overruled, and that is said', async () => {
    expect(await renamed('model_q8.onnx', 'model_q4.onnx')).toEqual({
      dtype: 'q8',
      notes: ['model_q4.onnx is named as q4, but its weights are q8'],
    });
    expect(await renamed('model_q4.onnx', 'model_fp16.onnx')).toEqual({
      dtype: 'q4',
      notes: ['model_fp16.onnx is named as fp16, but its weights are q4'],
    });
    expect(await renamed('model_fp16.onnx', 'model.onnx')).toEqual({ dtype: 'fp16', notes: [] });
  });

  it('at the top of the folder comes before the same one further down', async () => {
    const folder = modelFolder(FOLDER);
    const decoys = ['genai/config.json', 'genai/tokenizer.json', 'genai/model.onnx'].map((path) => ({ path, bytes: 2 }));
    const loaded = await loadBundle({ ...folder, files: [...decoys, ...folder.files] }, 'q4', quiet, new AbortController().signal);
    expect(loaded.ok ? loaded.bundle.dtype : loaded.reason).toBe('q4');
  });
});

it('misses a lost external data file by name, before any device is asked', async () => {
  const folder = modelFolder(FOLDER);
  const files = folder.files.filter(({ path }) => !path.endsWith('_data'));
  const loaded = await loadBundle({ ...folder, files }, 'q4', quiet, new AbortController().signal);
  expect(loaded.ok ? 'loaded' : loaded.reason).toBe(
    'tiny-gqa: model_q4.onnx keeps weights in model_q4.onnx_data, which the folder does not hold',
  );
});

it('refuses external data that is cut off, by its name', async () => {
  const folder = modelFolder(FOLDER);
  const cut: ModelFolder = {
    ...folder,
    files: folder.files.map((file) => ({ ...file, bytes: 0 })),
    read: async (path, ...rest) => (await folder.read(path, ...rest)).slice(0, path.endsWith('_data') ? 100_000 : undefined),
  };
  const loaded = await loadBundle(cut, 'q4', quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  await expect(startNodeModel(loaded.bundle)).rejects.toThrow(
    /^tiny-gqa could not be loaded \(\d+ bytes of graph\): .*model_q4\.onnx_data/s,
  );
  // Where the folder knows how long the file should be, it is not even started.
  const short = await loadBundle({ ...cut, files: folder.files }, 'q4', quiet, new AbortController().signal);
  expect(short.ok ? 'loaded' : short.reason).toBe('tiny-gqa: model_q4.onnx_data: expected 144000 bytes, found 100000');
});
