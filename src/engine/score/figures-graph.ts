/**
 * Lets an ONNX graph sum up the logits of the asked tokens itself, so that five numbers of each leave it (`core/score/figures.ts`)
 * and not one for every token of the vocabulary. Standard operators, appended without touching what is there.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { GraphConstant, GraphNode } from '../../core/signal/importance-graph.ts';
import { message, text, writeConstant, writeNode, writeValue } from './onnx-writer.ts';
import { fieldsOf, textOf, type Field } from './protobuf.ts';

/** int64 [queries]: the token whose log-probability is asked for. */
export const TARGETS = 'espalier_targets';
/** float32 [1, queries, 5] */
export const FIGURE_VALUES = 'espalier_figures';
/** float32 [1, queries, vocabulary]: exp(z − m), for sketches. */
export const MASSES = 'espalier_masses';

const GRAPH = 7;
/** Of `ModelProto`: which versions of operators it was written for. */
const OPERATOR_SET = 8;
/** GatherElements and ScatterElements came with this one. */
const LEAST_VERSION = 11;
/** From here on an operator takes its axes as an input. */
const AXES_AS_INPUT: Readonly<Record<string, number>> = { ReduceSum: 13, ReduceMax: 18, ReduceSumSquare: 18 };
/** Stands for a logit of −∞, whose mass is 0 and whose product with it is a number. */
const LEAST = -3e38;

/**
 * What is put behind a graph that makes `logits` [1, queries, vocabulary]; a sentence where its operators are too old.
 * @param vocabulary where the graph does not say
 */
export function figuresTail(onnx: Uint8Array, vocabulary: number): Uint8Array<ArrayBuffer> | string {
  const version = versionOf(onnx);
  if (version < LEAST_VERSION) return `its operators are of version ${version}, older than ${LEAST_VERSION}`;
  const { nodes, constants } = figureNodes(version, widthOf(onnx) ?? vocabulary);
  const writer = new BinaryWriter();
  message(writer, GRAPH, (graph) => {
    for (const node of nodes) message(graph, 1, (field) => writeNode(field, node));
    for (const constant of constants) message(graph, 5, (field) => writeConstant(field, constant));
    message(graph, 11, (input) => writeValue(input, { name: TARGETS, type: 'int64', dims: ['queries'] }));
    for (const name of [FIGURE_VALUES, MASSES]) message(graph, 12, (output) => text(output, 1, name));
  });
  return writer.finish();
}

function figureNodes(version: number, vocabulary: number): { nodes: GraphNode[]; constants: GraphConstant[] } {
  const nodes: GraphNode[] = [];
  let made = 0;
  const emit = (op: string, inputs: string[], attributes: GraphNode['attributes'] = {}, output = `espalier_value_${++made}`): string => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const [columns, last, blocks, least] = ['espalier_columns', 'espalier_last', 'espalier_blocks', 'espalier_least'];
  const reduce = (op: string, value: string, keepdims: 0 | 1): string =>
    version < (AXES_AS_INPUT[op] ?? Infinity) ? emit(op, [value], { axes: [-1], keepdims }) : emit(op, [value, last], { keepdims });
  /** Float32 keeps more digits of a sum of sums, and shapes cost nothing. */
  const sum = (value: string, op = 'ReduceSum'): string => reduce('ReduceSum', reduce(op, emit('Reshape', [value, blocks]), 0), 1);
  const logits = emit('Cast', ['logits'], { to: 1 });
  const targets = emit('Reshape', [TARGETS, columns]);
  const own = emit('GatherElements', [logits, targets], { axis: -1 });
  const nothing = emit('Expand', [least, emit('Shape', [targets])]);
  const others = emit('Max', [emit('ScatterElements', [logits, targets, nothing], { axis: -1 }), least]);
  const most = reduce('ReduceMax', others, 1);
  const below = emit('Sub', [others, most]);
  const masses = emit('Exp', [below], {}, MASSES);
  const sums = [sum(masses), sum(emit('Mul', [masses, below])), sum(masses, 'ReduceSumSquare')];
  emit('Concat', [own, most, ...sums], { axis: -1 }, FIGURE_VALUES);
  const constants: GraphConstant[] = [
    { name: columns, type: 'int64', dims: [3], values: [1, -1, 1] },
    { name: last, type: 'int64', dims: [1], values: [-1] },
    { name: blocks, type: 'int64', dims: [4], values: [1, -1, ...blocksOf(vocabulary)] },
    { name: least, type: 'float32', dims: [], values: [LEAST] },
  ];
  return { nodes, constants };
}

/** How many blocks of how many entries a sum is made of: as near to square as the vocabulary can be parted. */
function blocksOf(vocabulary: number): [number, number] {
  let blocks = Math.floor(Math.sqrt(vocabulary));
  while (vocabulary % blocks !== 0) blocks--;
  return [blocks, vocabulary / blocks];
}

/** Of the standard operators; 0 where the file does not say. */
function versionOf(onnx: Uint8Array): number {
  let version = 0;
  for (const set of fieldsOf(onnx, { from: 0, to: onnx.length })) {
    if (set.number !== OPERATOR_SET) continue;
    const parts = [...fieldsOf(onnx, set)];
    const domain = parts.find(({ number }) => number === 1);
    const name = domain === undefined ? '' : textOf(onnx, domain);
    if (name === '' || name === 'ai.onnx') version = parts.find(({ number }) => number === 2)?.value ?? 0;
  }
  return version;
}

/** The last dimension of the output `logits`, where it is fixed. */
function widthOf(onnx: Uint8Array): number | null {
  const inside = (field: Field | undefined, number: number): Field[] =>
    field === undefined ? [] : [...fieldsOf(onnx, field)].filter((part) => part.number === number);
  for (const graph of fieldsOf(onnx, { from: 0, to: onnx.length })) {
    if (graph.number !== GRAPH) continue;
    for (const output of fieldsOf(onnx, graph)) {
      if (output.number !== 12 || !inside(output, 1).some((name) => textOf(onnx, name) === 'logits')) continue;
      // ValueInfoProto.type.tensor_type.shape.dim.dim_value
      const shape = inside(inside(inside(output, 2)[0], 1)[0], 2)[0];
      const size = inside(inside(shape, 1).at(-1), 1)[0]?.value ?? 0;
      return size > 0 ? size : null;
    }
  }
  return null;
}
