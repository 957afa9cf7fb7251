/** The hidden state by structure, on the fixtures' graphs and on graphs that are built here. */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { halfToFloat } from '../../../../src/base/half.ts';
import type { GraphNode } from '../../../../src/core/signal/importance-graph.ts';
import { findHiddenState, withOutput } from '../../../../src/engine/score/hidden-state.ts';
import { writeOnnx } from '../../../../src/engine/score/onnx-writer.ts';

const node = (op: string, inputs: readonly string[], output: string): GraphNode => ({ op, inputs, outputs: [output], attributes: {} });

function graph(nodes: readonly GraphNode[]): Uint8Array {
  const weights = { name: 'w', type: 'float32', dims: [2, 3], values: [1, 2, 3, 4, 5, 6] } as const;
  const bias = { name: 'b', type: 'float32', dims: [3], values: [1, 0, 1] } as const;
  return writeOnnx({
    name: 'g',
    nodes,
    constants: [weights, bias],
    inputs: [{ name: 'x', type: 'float32', dims: ['rows', 2] }],
    output: { name: 'logits', type: 'float32', dims: ['rows', 3] },
  });
}

describe('findHiddenState', () => {
  it.each([
    ['a bias', [node('Abs', ['x'], 'h'), node('MatMul', ['h', 'w'], 'm'), node('Add', ['b', 'm'], 'logits')]],
    ['a soft cap', [node('Abs', ['x'], 'h'), node('Gemm', ['h', 'w'], 'm'), node('Tanh', ['m'], 't'), node('Mul', ['t', 'b'], 'logits')]],
    ['a tied embedding', [node('Abs', ['x'], 'h'), node('Transpose', ['w'], 'wt'), node('MatMul', ['h', 'wt'], 'logits')]],
    [
      'weights of whole numbers',
      [
        node('Abs', ['x'], 'h'),
        node('DynamicQuantizeLinear', ['h'], 'q'),
        node('MatMulInteger', ['q', 'w'], 'm'),
        node('Cast', ['m'], 'c'),
        node('Mul', ['c', 'b'], 'logits'),
      ],
    ],
  ])('goes back over %s', (_, nodes) => {
    expect(findHiddenState(graph(nodes))).toEqual({ name: 'h', isOutput: false });
  });

  it.each([
    [
      'an operator that is no multiplication',
      [node('Softmax', ['x'], 'logits')],
      'the logits come out of Softmax, not of a multiplication',
    ],
    ['two inputs without weights', [node('MatMul', ['x', 'x'], 'logits')], 'the last multiplication (MatMul) has no weights'],
    [
      'weights before the input',
      [node('MatMul', ['w', 'x'], 'logits')],
      'the last multiplication (MatMul) has no input before its weights',
    ],
    ['no logits', [node('Abs', ['x'], 'y')], 'nothing in the graph makes "logits"'],
  ])('says why not: %s', (_, nodes, why) => {
    expect(findHiddenState(graph(nodes))).toEqual({ name: null, why });
    expect(findHiddenState(new Uint8Array([1, 2, 3]))).toEqual({ name: null, why: 'nothing in the graph makes "logits"' });
  });
});

const GQA = 'test/fixtures/tiny-gqa';

describe('withOutput', () => {
  it('adds an output that a runtime computes', async () => {
    const onnx = graph([node('Abs', ['x'], 'h'), node('MatMul', ['h', 'w'], 'logits')]);
    const edited = withOutput(onnx, 'h');
    expect(findHiddenState(edited)).toEqual({ name: 'h', isOutput: true });
    const session = await InferenceSession.create(edited, { executionProviders: ['wasm'] });
    const results = await session.run({ x: new Tensor('float32', Float32Array.of(-1, 2, 3, -4), [2, 2]) });
    expect(results['h']?.data).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(results['logits']?.data).toEqual(Float32Array.of(9, 12, 15, 19, 26, 33));
    await session.release();
  });

  it.each([
    ['test/fixtures/tiny-lm/model.onnx', null],
    [`${GQA}/model_fp16.onnx`, null],
    [`${GQA}/model_q4.onnx`, 'model_q4.onnx_data'],
    [`${GQA}/model_q8.onnx`, null],
    [`${GQA}/model_int8.onnx`, null],
    [`${GQA}/model_blocks.onnx`, null],
  ])('of %s gives states that the logits are a linear function of', async (path, data) => {
    const onnx = new Uint8Array(readFileSync(path));
    const found = findHiddenState(onnx);
    if (found.name === null) throw new Error(found.why);
    const externalData = data === null ? [] : [{ path: data, data: new Uint8Array(readFileSync(`${GQA}/${data}`)) }];
    const session = await InferenceSession.create(withOutput(onnx, found.name), { executionProviders: ['wasm'], externalData });
    const width = Number(
      session.outputMetadata.flatMap((value) => (value.name === found.name && value.isTensor ? value.shape.slice(-1) : []))[0],
    );
    const rows = width + 24;
    const results = await session.run(feeds(session, rows));
    const states = floats(results[found.name]!);
    const logits = floats(results['logits']!);
    expect(states.length).toBe(rows * width);
    expect(unexplained(states, logits, rows, width)).toBeLessThan(path.includes('int8') ? 0.02 : 2e-3);
    await session.release();
  });
});

/** The first `rows` ids as one text without cache. */
function feeds(session: InferenceSession, rows: number): Record<string, Tensor> {
  const all: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) continue;
    if (input.name.startsWith('past_key_values')) {
      const dims = [1, Number(input.shape[1]), 0, Number(input.shape[3])];
      all[input.name] =
        input.type === 'float16' ? new Tensor('float16', new Uint16Array(0), dims) : new Tensor('float32', new Float32Array(0), dims);
      continue;
    }
    const value = (i: number): number => (input.name === 'input_ids' ? (i * 37) % 256 : input.name === 'position_ids' ? i : 1);
    all[input.name] = new Tensor(
      'int64',
      BigInt64Array.from({ length: rows }, (_, i) => BigInt(value(i))),
      [1, rows],
    );
  }
  return all;
}

function floats(tensor: Tensor): Float64Array {
  if (tensor.type !== 'float16') return Float64Array.from(tensor.data as Float32Array);
  const { buffer, byteOffset, byteLength } = tensor.data as Uint16Array;
  return Float64Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), (bits) => halfToFloat(bits));
}

/** Share of the logits' variance on rows that a least-squares fit by all rows leaves, for a handful of ids. */
function unexplained(states: Float64Array, logits: Float64Array, rows: number, width: number): number {
  const vocabulary = logits.length / rows;
  // An orthonormal basis of the states' columns, by Gram and Schmidt, twice.
  const basis: Float64Array[] = [];
  for (let k = 0; k < width; k++) {
    const column = Float64Array.from({ length: rows }, (_, r) => states[r * width + k]!);
    for (let twice = 0; twice < 2; twice++) for (const one of basis) subtract(column, one);
    const size = Math.hypot(...column);
    if (size > 1e-6) basis.push(column.map((value) => value / size));
  }
  let [left, all] = [0, 0];
  for (let v = 0; v < vocabulary; v += 29) {
    const column = Float64Array.from({ length: rows }, (_, r) => logits[r * vocabulary + v]!);
    all += column.reduce((sum, value) => sum + value * value, 0);
    for (const one of basis) subtract(column, one);
    left += column.reduce((sum, value) => sum + value * value, 0);
  }
  return Math.sqrt(left / all);
}

function subtract(column: Float64Array, one: Float64Array): void {
  const along = column.reduce((sum, value, r) => sum + value * one[r]!, 0);
  for (let r = 0; r < column.length; r++) column[r]! -= along * one[r]!;
}
