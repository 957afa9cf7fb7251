/** Folders as other exporters lay them out: what is named otherwise, where weights lie, and what is missing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findModelFiles, type ListedFile } from '../../../../src/engine/score/model-config.ts';
import { modelSize } from '../../../../src/engine/score/model-size.ts';
import { loadBundle, type ModelBundle, type ModelFolder } from '../../../../src/engine/score/model-folder.ts';
import { modelFolder, readWhole, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet } from '../../../helpers/tinyLm.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/tiny-gqa');
const { signal } = new AbortController();
const file = (path: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(join(FOLDER, path)));
const text = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

function folderOf(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): ModelFolder {
  return {
    name: 'made',
    files: Object.entries(files).map(([path, bytes]) => ({ path, bytes: bytes.length })),
    read: (path) => Promise.resolve(files[path] ?? new Uint8Array(0)),
  };
}

async function load(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Promise<ModelBundle> {
  const loaded = await loadBundle(folderOf(files), null, quiet, signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

async function entropies(bundle: ModelBundle): Promise<number[]> {
  const model = await startNodeModel(bundle);
  const { entropy } = await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: 1 }, [() => Promise.resolve(model)]);
  await model.dispose();
  return Array.from(entropy);
}

const DATA = 'model_q4.onnx_data';
const OTHER = 'parts/weights.q4.0';
/** The 4-bit graph with its weights in a file of a name that no exporter gives. */
function elsewhere(): Uint8Array<ArrayBuffer> {
  expect(OTHER.length).toBe(DATA.length);
  return Uint8Array.from(Buffer.from(Buffer.from(file('model_q4.onnx')).toString('latin1').replaceAll(DATA, OTHER), 'latin1'));
}

describe('a model of grouped-query attention with 4-bit weights', () => {
  const beside = { 'tokenizer.json': file('tokenizer.json'), 'tokenizer_config.json': file('tokenizer_config.json') };
  const config = { 'config.json': file('config.json') };
  let expected: number[];
  beforeAll(async () => {
    expected = await entropies(await load({ ...beside, ...config, 'model_q4.onnx': file('model_q4.onnx'), [DATA]: file(DATA) }));
  });

  it('is the same with its weights in a file that only the graph names, below the graph', async () => {
    const bundle = await load({ ...beside, ...config, 'onnx/model_q4.onnx': elsewhere(), [`onnx/${OTHER}`]: file(DATA) });
    expect(bundle.data.map(({ path }) => path)).toEqual([OTHER]);
    expect(await entropies(bundle)).toEqual(expected);
  });

  it('is the same in a folder of onnxruntime-genai, which has no config.json', async () => {
    const sizes = JSON.parse(new TextDecoder().decode(config['config.json'])) as Record<string, number>;
    const genai = {
      model: {
        bos_token_id: sizes['bos_token_id'],
        context_length: sizes['max_position_embeddings'],
        vocab_size: sizes['vocab_size'],
        decoder: {
          filename: 'model.onnx',
          head_size: sizes['head_dim'] ?? sizes['hidden_size']! / sizes['num_attention_heads']!,
          hidden_size: sizes['hidden_size'],
          num_attention_heads: sizes['num_attention_heads'],
          num_hidden_layers: sizes['num_hidden_layers'],
          num_key_value_heads: sizes['num_key_value_heads'],
        },
      },
    };
    const usual = await load({ ...beside, ...config, 'model.onnx': file('model_q4.onnx'), [DATA]: file(DATA) });
    const bundle = await load({ ...beside, 'genai_config.json': text(genai), 'model.onnx': file('model_q4.onnx'), [DATA]: file(DATA) });
    expect(bundle.shape).toEqual(usual.shape);
    expect(await entropies(bundle)).toEqual(expected);
    await expect(load({ ...beside, 'genai_config.json': text({}), 'model.onnx': file('model_q4.onnx') })).rejects.toThrow(
      "made: config.json: expected a causal language model's sizes, found no vocab_size",
    );
  });

  it('names the files that it lacks, before any device is asked', async () => {
    await expect(load({ ...beside, ...config, 'model_q4.onnx': elsewhere(), [DATA]: file(DATA) })).rejects.toThrow(
      `made: model_q4.onnx keeps weights in ${OTHER}, which the folder does not hold`,
    );
  });

  it('refuses a number of tokens that is none', async () => {
    const said = JSON.parse(new TextDecoder().decode(config['config.json'])) as Record<string, unknown>;
    const half = { ...beside, 'config.json': text({ ...said, vocab_size: 512.5 }), 'model_q4.onnx': elsewhere() };
    await expect(load(half)).rejects.toThrow('made: config.json: expected a whole number of tokens above 0 as vocab_size, found 512.5');
  });

  it('leaves unread what the graph does not name', async () => {
    const bundle = await load({ ...beside, ...config, 'model_q8.onnx': file('model_q8.onnx'), 'model_q8.onnx_data': file(DATA) });
    expect(bundle.data).toEqual([]);
  });
});

describe('the graph that is taken', () => {
  const GIB = 2 ** 30;
  const taken = (sizes: Readonly<Record<string, number>>, dtype: string | null = null): string => {
    const listing: ListedFile[] = Object.entries({ 'config.json': 1, 'tokenizer.json': 1, ...sizes }).map(([path, bytes]) => ({
      path,
      bytes,
    }));
    const found = findModelFiles(listing, dtype);
    return found.ok ? found.files.graph.path : found.reason;
  };

  it.each([
    [
      'merged, as Optimum names it',
      { 'onnx/decoder_model_merged.onnx': 5, 'onnx/decoder_model.onnx': 5 },
      'onnx/decoder_model_merged.onnx',
    ],
    ['quantised and merged', { 'decoder_model_merged_quantized.onnx': 5 }, 'decoder_model_merged_quantized.onnx'],
    ['the only one', { 'cpu-int4/phi.onnx': 5 }, 'cpu-int4/phi.onnx'],
    [
      'the most exact one that is not too large',
      { 'model.onnx': 1, 'model.onnx_data': 2 * GIB, 'model_fp16.onnx': GIB, 'model_q4.onnx': 9 },
      'model_fp16.onnx',
    ],
    ['the last, where all are too large', { 'model.onnx': 4 * GIB, 'model_q4.onnx': 2 * GIB }, 'model_q4.onnx'],
    ['of unknown size', { 'model.onnx': 0, 'model_q4.onnx': 0 }, 'model.onnx'],
  ])('%s', (_, sizes, path) => {
    expect(taken(sizes)).toBe(path);
  });

  it('counts all that may be read where the names of several say nothing', async () => {
    const sizes = { 'config.json': 1, 'tokenizer.json': 2, 'decoder_model.onnx': 400, 'decoder_with_past_model.onnx': 500 };
    const files = Object.entries(sizes).map(([path, bytes]) => ({ path, bytes }));
    const folder: ModelFolder = { name: 'made', files, read: () => Promise.resolve(new Uint8Array(0)) };
    const size = await modelSize({ open: () => Promise.resolve(folder) }, { kind: 'bundled' }, null);
    expect(size).toMatchObject({ ok: true, bytes: 903 });
  });

  it('is the one that a person names, however large', () => {
    expect(taken({ 'model.onnx': 4 * GIB, 'model_q4.onnx': 9 }, 'fp32')).toBe('model.onnx');
  });
});

describe('a file in Node', () => {
  it.each([1000, 1 << 16, 1 << 26])('is read in pieces of %i bytes as at once', async (piece) => {
    const told: number[] = [];
    const bytes = await readWhole(join(FOLDER, DATA), (read) => told.push(read), signal, piece);
    expect(Buffer.compare(bytes, readFileSync(join(FOLDER, DATA)))).toBe(0);
    expect(told).toHaveLength(Math.ceil(bytes.length / piece));
    expect(told.at(-1)).toBe(bytes.length);
  });

  it('is not read on when nobody waits for it', async () => {
    const controller = new AbortController();
    await expect(readWhole(join(FOLDER, DATA), () => controller.abort(), controller.signal, 1000)).rejects.toThrow(/abort/i);
  });

  it('is of a folder that lists it with its size', () => {
    expect(modelFolder(FOLDER).files.find(({ path }) => path === DATA)?.bytes).toBe(144_000);
  });
});
