/** Models of real shapes, in little, in the layouts and number types that exporters write: each loads, and their scores agree. */
import { describe, expect, it } from 'vitest';
import { SHAPES, tinyShape } from '../../../../scripts/shaped-models/shapes.mjs';
import type { LayoutName, ShapeName, WeightsName } from '../../../../scripts/shaped-models/shapes.mjs';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { loadBundle, type ModelBundle, type ModelFolder } from '../../../../src/engine/score/model-folder.ts';
import { startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { memoryFolder, shapedFolder } from '../../../helpers/shapedFolder.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest, type TinyScores } from '../../../helpers/tinyForest.ts';
import { quiet } from '../../../helpers/tinyLm.ts';
import { slowScores } from '../../core/score/replay.ts';

/** More than the 512 of the tokenizer. */
const VOCABULARY = 600;
const IF = 'logits are made of every token, asked or not: the logits come out of a graph within the graph (If)';
const PAST =
  'the model takes no keys and values (an export without past): each request computes its text from the beginning, which is slow';

function folderOf(shape: ShapeName, layoutName: LayoutName, weightsName: WeightsName, shardBytes = 40_000): ModelFolder {
  return shapedFolder({
    name: `${shape} ${layoutName}`,
    shape: tinyShape(SHAPES[shape], VOCABULARY),
    layoutName,
    weightsName,
    shardBytes,
  });
}

async function started(folder: ModelFolder): Promise<{ bundle: ModelBundle; model: LanguageModel }> {
  const loaded = await loadBundle(folder, null, quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return { bundle: loaded.bundle, model: await startNodeModel(loaded.bundle) };
}

async function scoresOf(model: LanguageModel): Promise<TinyScores> {
  const scores = await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]);
  expect(scores.outcome).toMatchObject({ ok: true, fallbacks: [] });
  return scores;
}

async function compare(folder: ModelFolder, weights: WeightsName, first: TinyScores | null, within: number) {
  const { bundle, model } = await started(folder);
  expect(bundle.dtype).toBe(weights);
  expect(model).toMatchObject({ vocabulary: VOCABULARY, context: 128 });
  const scores = await scoresOf(model);
  await model.dispose();
  if (first) {
    expect(largestDifference(scores.entropy, first.entropy)).toBeLessThan(within);
    expect(largestDifference(scores.surprisal, first.surprisal)).toBeLessThan(within);
  }
  return { scores, bundle, notes: model.notes };
}

const LAYOUTS = ['community', 'community-grouped', 'optimum-counted', 'optimum-without-past', 'optimum-merged', 'genai'] as const;

describe('the same weights in every layout', () => {
  it.each([
    ['Qwen3-0.6B', 'fp32', 1e-4],
    ['Qwen2.5-0.5B', 'fp16', 0.05],
    ['Llama-3.2-1B', 'q4', 1e-4],
    ['SmolLM2-135M', 'q4f16', 0.05],
  ] as const)('%s, %s', async (shape, weights, within) => {
    const isPacked = weights === 'q4' || weights === 'q4f16';
    const { scores: first } = await compare(folderOf(shape, 'optimum', weights), weights, null, within);
    expect(Math.max(...first.surprisal.filter((value) => !Number.isNaN(value)))).toBeGreaterThan(3);
    for (const layout of LAYOUTS) {
      // Its table has other weights where they are packed.
      const against = isPacked && layout === 'community-grouped' ? null : first;
      const { notes } = await compare(folderOf(shape, layout, weights), weights, against, within);
      expect(notes, layout).toEqual(layout === 'optimum-merged' ? [IF] : layout === 'optimum-without-past' ? [PAST] : []);
    }
  });
});

it.each([
  ['within the graph', 0, 0],
  ['in one file', Infinity, 1],
  ['in several', 40_000, 3],
] as const)('weights %s', async (_, shardBytes, files) => {
  const { scores } = await compare(folderOf('SmolLM2-360M', 'optimum', 'q4'), 'q4', null, 0);
  const { bundle } = await compare(folderOf('SmolLM2-360M', 'optimum', 'q4', shardBytes), 'q4', scores, 1e-6);
  expect(bundle.data.length).toBeGreaterThanOrEqual(files);
  expect(bundle.data.length === 0).toBe(files === 0);
});

describe.each(['optimum-merged', 'optimum-without-past', 'community-grouped'] as const)('%s', (layout) => {
  it('gives with shared prefixes what it gives for each text alone', async () => {
    const { model } = await started(folderOf('Qwen3-0.6B', layout, 'q4'));
    const forest = tinyForest();
    const { entropy, surprisal } = await scoresOf(model);
    const { contexts } = slowScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS.context, TINY_LIMITS.overlap, true);
    expect(contexts.size).toBeGreaterThan(30);
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
      expect(Math.abs(entropy[position] - alone.entropy[0])).toBeLessThan(1e-4);
      expect(Math.abs(surprisal[position] + alone.logprob[0])).toBeLessThan(1e-4);
    }
    await model.dispose();
  });
});

describe('of graphs whose names tell nothing', () => {
  const of = async (layout: LayoutName): Promise<Uint8Array<ArrayBuffer>> => {
    const folder = folderOf('SmolLM2-135M', layout, 'q4', 0);
    const graph = folder.files.find(({ path }) => path.endsWith('.onnx'))?.path ?? '';
    return folder.read(graph, quiet, new AbortController().signal);
  };
  const taken = async (graphs: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Promise<Uint8Array> => {
    const plain = folderOf('SmolLM2-135M', 'optimum', 'q4', 0);
    const files = new Map(Object.entries(graphs));
    for (const { path } of plain.files) {
      if (!path.endsWith('.onnx')) files.set(path, await plain.read(path, quiet, new AbortController().signal));
    }
    const told: { bytes: number; totalBytes: number }[] = [];
    const loaded = await loadBundle(memoryFolder('made', files), null, (progress) => told.push(progress), new AbortController().signal);
    if (!loaded.ok) throw new Error(loaded.reason);
    expect(told.at(-1)?.bytes).toBe(told.at(-1)?.totalBytes);
    // With the hidden state as one more output at its end.
    return loaded.bundle.graph;
  };
  const startsWith = (whole: Uint8Array, part: Uint8Array): boolean => Buffer.compare(whole.subarray(0, part.length), part) === 0;

  it('a merged one is taken before one with past, and that before one without', async () => {
    const [merged, past, without] = [await of('optimum-merged'), await of('optimum'), await of('optimum-without-past')];
    expect(startsWith(await taken({ 'a.onnx': without, 'b.onnx': past, 'c.onnx': merged }), merged)).toBe(true);
    expect(startsWith(await taken({ 'decoder.onnx': without, 'decoder_with_past.onnx': past }), past)).toBe(true);
    expect(startsWith(await taken({ 'a.onnx': past, 'b.onnx': without }), past)).toBe(true);
    expect(startsWith(await taken({ 'a.onnx': Uint8Array.of(1, 2), 'b.onnx': without }), without)).toBe(true);
  });
});
