/** Graphs that make logits for asked tokens only, against the graphs as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it, vi } from 'vitest';
import type { ForwardRequest, LanguageModel } from '../../../../src/core/score/language-model.ts';
import type { GraphNode } from '../../../../src/core/signal/importance-graph.ts';
import { loadBundle, type ModelBundle, type ModelFolder } from '../../../../src/engine/score/model-folder.ts';
import { makeOnnxModel } from '../../../../src/engine/score/onnx-model.ts';
import { writeOnnx } from '../../../../src/engine/score/onnx-writer.ts';
import { makeCpuRuntime } from '../../../../src/engine/score/ort-cpu.ts';
import { QUERY_ROWS, withQueries } from '../../../../src/engine/score/query-graph.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import '../../../helpers/drawSeed.ts';
import { quiet, TINY_LM } from '../../../helpers/tinyLm.ts';

const GQA = join(TINY_LM, '../tiny-gqa');
const BUNDLED = join(TINY_LM, '../../../public/models/espalier-3m');

/** A folder with one graph of it, and its data, as the model. */
function only(path: string, graph: string): ModelFolder {
  const folder = modelFolder(path);
  const files = folder.files
    .filter((file) => !file.path.includes('.onnx') || file.path === graph || file.path === `${graph}_data`)
    .map((file) => (graph === 'model_blocks.onnx' && file.path === graph ? { ...file, path: 'model.onnx' } : file));
  return { ...folder, files, read: (file, ...rest) => folder.read(file === 'model.onnx' ? graph : file, ...rest) };
}

async function bundleOf(folder: ModelFolder): Promise<ModelBundle> {
  const loaded = await loadBundle(folder, null, quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

/** The model with the graph as it is. */
async function plainModel(bundle: ModelBundle): Promise<LanguageModel> {
  const externalData = bundle.data.map(({ path, data }) => ({ path, data }));
  const session = await InferenceSession.create(bundle.graph, { executionProviders: ['wasm'], externalData });
  const runtime = makeCpuRuntime(session, (type, data, dims) => new Tensor(type, data, dims));
  const made = makeOnnxModel(runtime, bundle, { on: 'node wasm', adapter: null, threads: 1 }, { bytes: 1 << 30 });
  if (!made.ok) throw new Error(made.reason);
  return made.model;
}

describe.each([
  { name: 'the bundled model', folder: BUNDLED, graph: 'model.onnx', within: 1e-4 },
  { name: 'fp16 weights, computed as fp32', folder: TINY_LM, graph: 'model.onnx', within: 1e-4 },
  // fp16 rounds differently for other shapes of a product.
  { name: 'fp16', folder: GQA, graph: 'model_fp16.onnx', within: 3e-2 },
  { name: 'q4 in an external file', folder: GQA, graph: 'model_q4.onnx', within: 1e-4 },
  { name: 'q8 packed', folder: GQA, graph: 'model_q8.onnx', within: 1e-4 },
  { name: 'q8 in blocks', folder: GQA, graph: 'model_blocks.onnx', within: 1e-4 },
  { name: 'q8 by whole numbers', folder: GQA, graph: 'model_int8.onnx', within: 1e-4 },
])('$name', ({ folder, graph, within }) => {
  it('scores any asked tokens as the graph as it is does', async () => {
    const bundle = await bundleOf(only(folder, graph));
    // Bytes of a graph may be more than a text can have characters.
    const spelled = vi.spyOn(Uint8Array.prototype, 'join');
    const [asked, plain] = [await startNodeModel(bundle), await plainModel(bundle)];
    expect(spelled).not.toHaveBeenCalled();
    spelled.mockRestore();
    expect(asked.notes).toEqual([]);
    const draws = fc.record({
      rows: fc.integer({ min: 1, max: bundle.maxRows === 1 ? 1 : 3 }),
      width: fc.integer({ min: 1, max: 12 }),
      prefix: fc.array(fc.nat(255), { maxLength: 6 }),
      ids: fc.array(fc.nat(255), { minLength: 36, maxLength: 36 }),
      picks: fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ rows, width, prefix, ids, picks }) => {
        const tokens = Int32Array.from(ids.slice(0, rows * width));
        const queryAt = Int32Array.from([...tokens.keys()].filter((at) => picks[at]));
        const queryTarget = queryAt.map((at) => tokens[at] ^ 1);
        const replies = [];
        for (const model of [asked, plain]) {
          const before = prefix.length === 0 ? null : await model.forward(start(prefix));
          const sketch = { dim: 64, wanted: Uint8Array.from(queryAt, (at) => at % 2) };
          const [past, pastLength] = [before?.cache ?? null, prefix.length];
          const keep = rows === 1;
          const reply = await model.forward({ past, pastLength, rows, width, tokens, queryAt, queryTarget, sketch, keep });
          for (const cache of [past, reply.cache]) if (cache !== null) model.drop(cache);
          replies.push(reply);
        }
        const [found, expected] = replies;
        for (const column of ['entropy', 'logprob', 'gradient'] as const) {
          expect(found[column].length).toBe(queryAt.length);
          expected[column].forEach((value, q) => expect(Math.abs(found[column][q] - value)).toBeLessThan(within));
        }
        expect(found.sketches?.scale.length).toBe(expected.sketches?.scale.length);
        expected.sketches?.scale.forEach((scale, row) =>
          expect(Math.abs((found.sketches?.scale[row] ?? NaN) / scale - 1)).toBeLessThan(10 * within),
        );
      }),
      { numRuns: folder === BUNDLED ? 5 : 25 },
    );
    await Promise.all([asked.dispose(), plain.dispose()]);
  }, 60_000);
});

const start = (prefix: readonly number[]): ForwardRequest => ({
  past: null,
  pastLength: 0,
  rows: 1,
  width: prefix.length,
  tokens: Int32Array.from(prefix),
  queryAt: new Int32Array(0),
  queryTarget: new Int32Array(0),
  keep: true,
});

const node = (op: string, inputs: readonly string[], output: string): GraphNode => ({ op, inputs, outputs: [output], attributes: {} });

function built(nodes: readonly GraphNode[]): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    name: 'g',
    nodes,
    constants: [
      { name: 'w', type: 'float32', dims: [2, 3], values: [1, 2, 3, 4, 5, 6] },
      { name: 'b', type: 'float32', dims: [3], values: [1, 0, 1] },
    ],
    inputs: [{ name: 'x', type: 'float32', dims: ['rows', 'width', 2] }],
    output: { name: 'logits', type: 'float32', dims: ['rows', 'width', 3] },
  });
}

describe('withQueries', () => {
  it('gathers before the last multiplication, with what lies behind it', async () => {
    const graph = withQueries(
      built([node('Abs', ['x'], 'h'), node('MatMul', ['h', 'w'], 'm'), node('Tanh', ['m'], 't'), node('Add', ['t', 'b'], 'logits')]),
    );
    if (typeof graph === 'string') throw new Error(graph);
    const session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
    const { logits } = await session.run({
      x: new Tensor('float32', Float32Array.of(0, 0, 0.1, 0, 0, 0.1, 0, -0.2), [2, 2, 2]),
      [QUERY_ROWS]: new Tensor('int64', BigInt64Array.of(3n, 1n), [2]),
    });
    expect(logits?.dims).toEqual([1, 2, 3]);
    const expected = [0.8, 1, 1.2, 0.1, 0.2, 0.3].map((value, i) => Math.tanh(value) + [1, 0, 1][i % 3]!);
    expected.forEach((value, i) => expect(Number(logits?.data[i])).toBeCloseTo(value, 5));
    await session.release();
  });

  it.each([
    ['no multiplication', [node('Softmax', ['x'], 'logits')], 'the logits come out of Softmax, not of a multiplication'],
    ['a flat one', [node('Gemm', ['x', 'w'], 'logits')], 'the last multiplication is a Gemm'],
    ['no weights', [node('MatMul', ['x', 'x'], 'logits')], 'the last multiplication (MatMul) has no weights'],
  ])('leaves alone %s', (_, nodes, why) => {
    expect(withQueries(built(nodes))).toBe(why);
  });

  it('is not led astray by bytes that are no graph, nor by a graph that is cut off', () => {
    const whole = new Uint8Array(readFileSync(join(TINY_LM, 'model.onnx')));
    fc.assert(
      fc.property(fc.nat(whole.length), fc.uint8Array({ maxLength: 200 }), (at, noise) => {
        withQueries(whole.slice(0, at));
        withQueries(noise);
      }),
      { numRuns: 50 },
    );
  });
});
