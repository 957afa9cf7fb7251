/** Weights are named by what the operators read, wherever the numbers lie and whatever the file is called. */
import { describe, expect, it } from 'vitest';
import { graphFacts } from '../../../../src/engine/score/graph-facts.ts';
import { onnxBytes, type WrittenGraph, type WrittenNode, type WrittenTensor } from '../../../helpers/onnxBytes.ts';

const FLOAT = 1;
const UINT8 = 2;
const INT8 = 3;
const HALF = 10;
const BFLOAT = 16;
const UINT4 = 21;

const tensor = (name: string, type: number, ...dims: number[]): WrittenTensor => ({ name, type, dims });
const node = (operator: string, ...inputs: string[]): WrittenNode => ({ operator, inputs });
const weights = (graph: WrittenGraph): string | null => graphFacts(onnxBytes(graph)).weights;

/** A 32 × 64 product in packed blocks of 32, beside a table of floats that outweighs it. */
function packed(bits: number | null, floats: number, scales = floats): WrittenGraph {
  return {
    nodes: [
      {
        operator: 'MatMulNBits',
        inputs: ['x', 'b', 'scale', 'zero'],
        integers: { K: 64, N: 32, ...(bits === null ? {} : { bits }), block_size: 32 },
      },
      node('Gather', 'table', 'ids'),
    ],
    tensors: [
      tensor('b', UINT8, 32, 2, 4 * (bits ?? 4)),
      tensor('scale', scales, 64),
      tensor('zero', UINT8, 32, 2),
      tensor('table', floats, 512, 64),
    ],
  };
}

describe('weights as they are', () => {
  it.each([
    ['fp32', FLOAT],
    ['fp16', HALF],
    ['bf16', BFLOAT],
  ])('%s', (label, type) => {
    expect(
      weights({
        nodes: [node('MatMul', 'x', 'w')],
        tensors: [tensor('w', type, 64, 64), tensor('norm', type === FLOAT ? HALF : FLOAT, 64)],
      }),
    ).toBe(label);
  });

  it('as constants of the graph', () => {
    expect(
      weights({
        nodes: [{ operator: 'Constant', inputs: [], output: 'w', constant: tensor('', HALF, 64, 64) }, node('MatMul', 'x', 'w')],
        tensors: [tensor('norm', FLOAT, 64)],
      }),
    ).toBe('fp16');
  });

  it('are not mistaken for bytes because of a causal mask', () => {
    expect(
      weights({
        nodes: [node('MatMul', 'x', 'w'), node('Slice', 'mask', 'from', 'to')],
        tensors: [tensor('w', FLOAT, 64, 64), tensor('mask', UINT8, 1, 1, 1024, 1024)],
      }),
    ).toBe('fp32');
  });

  it('may be none', () => {
    expect(weights({ nodes: [node('Identity', 'x')], tensors: [] })).toBeNull();
    expect(graphFacts(new Uint8Array(0))).toEqual({ weights: null, operators: new Set(), dataFiles: new Set() });
    expect(graphFacts(new TextEncoder().encode('<!doctype html>')).weights).toBeNull();
  });
});

describe('packed weights', () => {
  it.each([
    ['q8', 8, FLOAT],
    ['q4', 4, FLOAT],
    ['q2', 2, FLOAT],
    ['q8', 8, HALF],
    ['q4f16', 4, HALF],
  ])("%s, by the operator's bits", (label, bits, floats) => {
    expect(weights(packed(bits, floats))).toBe(label);
  });

  it('of 4 bits where the operator does not say', () => {
    expect(weights(packed(null, FLOAT))).toBe('q4');
  });

  it('of a table', () => {
    const table = (bits: number): WrittenGraph => ({
      nodes: [{ operator: 'GatherBlockQuantized', inputs: ['table', 'ids', 'scale', 'zero'], integers: { bits, block_size: 32 } }],
      tensors: [tensor('table', UINT8, 512, 64), tensor('scale', FLOAT, 512, 2)],
    });
    expect(weights(table(8))).toBe('q8');
    expect(weights(table(4))).toBe('q4');
  });

  it('by those that are most, counted in weights and not in bytes', () => {
    const mixed = (wide: number): WrittenGraph => ({
      nodes: [
        { operator: 'MatMulNBits', inputs: ['x', 'a', 's'], integers: { bits: 4 } },
        { operator: 'MatMulNBits', inputs: ['y', 'head', 's'], integers: { bits: 8 } },
      ],
      tensors: [tensor('a', UINT8, 32, 1, 16), tensor('head', UINT8, wide, 1, 32), tensor('s', FLOAT, 64)],
    });
    // 1024 weights of 4 bits beside 24 × 32 = 768 and 40 × 32 = 1280 of 8 bits.
    expect(weights(mixed(24))).toBe('q4');
    expect(weights(mixed(40))).toBe('q8');
  });

  it('of bitsandbytes', () => {
    expect(
      weights({ nodes: [node('MatMulBnb4', 'x', 'b', 'absmax')], tensors: [tensor('b', UINT8, 2048), tensor('absmax', FLOAT, 64)] }),
    ).toBe('bnb4');
  });
});

describe('dequantised weights', () => {
  it.each([
    ['q8', INT8],
    ['q8', UINT8],
    ['q4', UINT4],
  ])('%s of type %i', (label, type) => {
    expect(
      weights({
        nodes: [node('DequantizeLinear', 'w', 'scale', 'zero')],
        tensors: [tensor('w', type, 64, 64), tensor('scale', FLOAT, 64), tensor('zero', type, 64)],
      }),
    ).toBe(label);
  });

  it.each(['MatMulInteger', 'MatMulIntegerToFloat', 'DynamicQuantizeMatMul'])('as %s reads them', (operator) => {
    expect(weights({ nodes: [node(operator, 'x', 'w')], tensors: [tensor('w', INT8, 64, 64), tensor('norm', FLOAT, 64)] })).toBe('q8');
  });

  it('of a table whose rows are widened after they are gathered', () => {
    expect(
      weights({
        nodes: [node('Gather', 'table', 'ids'), node('DequantizeLinear', 'rows', 'scale')],
        tensors: [tensor('table', UINT8, 512, 64), tensor('scale', FLOAT)],
      }),
    ).toBe('q8');
  });
});

describe('where weights lie', () => {
  const spread = (graph: WrittenGraph): WrittenGraph => ({
    ...graph,
    tensors: graph.tensors.map((each) => ({ ...each, external: 'model.onnx_data' })),
  });

  it.each([8, 4])('in another file, of which the graph holds sizes only: %i bits', (bits) => {
    expect(weights(spread(packed(bits, FLOAT)))).toBe(`q${bits}`);
    expect(weights({ ...spread(packed(bits, FLOAT)), loose: true })).toBe(`q${bits}`);
  });

  it('in a branch of a merged export', () => {
    const graph = packed(8, FLOAT);
    expect(
      weights({
        nodes: [{ operator: 'If', inputs: ['use_cache_branch'], graph: { nodes: graph.nodes, tensors: [] } }],
        tensors: graph.tensors,
      }),
    ).toBe('q8');
    expect(graphFacts(onnxBytes({ nodes: [{ operator: 'If', inputs: [], graph }], tensors: [] })).operators).toEqual(
      new Set(['MatMulNBits', 'Gather', 'If']),
    );
  });

  it('shared by a table and the product at the end, counted once', () => {
    const tied: WrittenGraph = {
      nodes: [
        { operator: 'GatherBlockQuantized', inputs: ['t', 'ids', 's'], integers: { bits: 8 } },
        { operator: 'MatMulNBits', inputs: ['x', 't', 's'], integers: { bits: 8 } },
        { operator: 'MatMulNBits', inputs: ['x', 'w', 's'], integers: { bits: 4 } },
      ],
      tensors: [tensor('t', UINT8, 64, 32), tensor('w', UINT8, 96, 1, 16), tensor('s', FLOAT, 64)],
    };
    expect(weights(tied)).toBe('q4');
  });
});
