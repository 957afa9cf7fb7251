/**
 * Finds the last hidden state in an ONNX file: the input of the multiplication that makes the logits, by structure and
 * whatever its name; and makes it an output. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { fieldsOf, textOf, type Span } from './protobuf.ts';

/**
 * What may lie between the multiplication and the logits: number types, shapes, a bias, a scale, a mask, and a soft cap,
 * whose slope the sketch then leaves out.
 */
const PASSED: ReadonlySet<string> = new Set(
  'Cast Identity Reshape Squeeze Unsqueeze Flatten Slice Add Sub Mul Div Tanh Clip Where DequantizeLinear'.split(' '),
);

/** Multiplications whose first input is the hidden state. */
const MULTIPLIES: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'FusedMatMul',
  'FusedGemm',
  'MatMulNBits',
  'MatMulBnb4',
  'MatMulFpQ4',
  'DynamicQuantizeMatMul',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'QLinearMatMul',
  'QGemm',
]);
/** What lies between a float and the integers that a multiplication of integers reads. */
const QUANTISES: ReadonlySet<string> = new Set(['DynamicQuantizeLinear', 'QuantizeLinear']);

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  /** A graph within it, as in `If`. */
  readonly isNested: boolean;
  /** Where it stands in the file. */
  readonly span: Span;
}

interface Graph {
  /** value -> the node that makes it */
  readonly makers: ReadonlyMap<string, Node>;
  /** Weights, and what nodes named Constant make. */
  readonly constants: Set<string>;
  readonly outputs: ReadonlySet<string>;
}

export type HiddenState = { readonly name: string; readonly isOutput: boolean } | { readonly name: null; readonly why: string };

/** The multiplication that makes the logits. */
export interface Head {
  readonly operator: string;
  readonly inputs: readonly string[];
  /** Of its node in the file. */
  readonly span: Span;
}

/** Time: the number of nodes. Never throws. */
export function findHiddenState(onnx: Uint8Array): HiddenState {
  const graph = readGraph(onnx);
  const node = findMultiplication(graph);
  return typeof node === 'string' ? { name: null, why: node } : hiddenOf(node, graph);
}

/** The multiplication whose first input is the hidden state, as it is or in whole numbers; a sentence where there is none. */
export function findHead(onnx: Uint8Array): Head | string {
  const graph = readGraph(onnx);
  const node = findMultiplication(graph);
  if (typeof node === 'string') return node;
  const hidden = hiddenOf(node, graph);
  return hidden.name === null ? hidden.why : node;
}

function findMultiplication(graph: Graph): Node | string {
  let value = 'logits';
  for (let steps = 0; steps < 64; steps++) {
    const node = graph.makers.get(value);
    if (!node) return `nothing in the graph makes "${value}"`;
    if (node.isNested) return `the logits come out of a graph within the graph (${node.operator})`;
    if (MULTIPLIES.has(node.operator)) return node;
    const before = PASSED.has(node.operator) ? node.inputs.find((name) => name !== '' && !isConstant(name, graph)) : undefined;
    if (before === undefined) return `the logits come out of ${node.operator}, not of a multiplication`;
    value = before;
  }
  return 'the logits come out of a long chain of operators';
}

function hiddenOf({ operator, inputs }: Node, graph: Graph): HiddenState {
  const [first = '', second = ''] = inputs;
  const open = [first, second].filter((name) => name !== '' && !isConstant(name, graph));
  if (open.length !== 1 || open[0] !== first)
    return {
      name: null,
      why: `the last multiplication (${operator}) has ${open.length === 2 ? 'no weights' : 'no input before its weights'}`,
    };
  const quantised = graph.makers.get(first);
  const name = quantised && QUANTISES.has(quantised.operator) ? (quantised.inputs[0] ?? first) : first;
  return { name, isOutput: graph.outputs.has(name) };
}

/** Whether a value depends on weights alone, such as an embedding that is transposed to be the last layer. */
function isConstant(name: string, graph: Graph): boolean {
  const seen = new Set<string>();
  const open = [name];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === '' || seen.has(at) || graph.constants.has(at)) continue;
    seen.add(at);
    const maker = graph.makers.get(at);
    if (!maker || seen.size > 32) return false;
    for (const input of maker.inputs) open.push(input);
  }
  return true;
}

function readGraph(onnx: Uint8Array): Graph {
  const makers = new Map<string, Node>();
  const constants = new Set<string>();
  const outputs = new Set<string>();
  for (const graph of fieldsOf(onnx, { from: 0, to: onnx.length })) {
    if (graph.number !== 7) continue;
    for (const field of fieldsOf(onnx, graph)) {
      if (field.number === 1) readNode(onnx, field, makers, constants);
      if (field.number === 5) constants.add(nameIn(onnx, field, 8));
      if (field.number === 12) outputs.add(nameIn(onnx, field, 1));
    }
  }
  return { makers, constants, outputs };
}

function readNode(onnx: Uint8Array, span: Span, makers: Map<string, Node>, constants: Set<string>): void {
  const inputs: string[] = [];
  const made: string[] = [];
  let operator = '';
  let isNested = false;
  for (const field of fieldsOf(onnx, span)) {
    if (field.number === 1) inputs.push(textOf(onnx, field));
    if (field.number === 2) made.push(textOf(onnx, field));
    if (field.number === 4) operator = textOf(onnx, field);
    if (field.number === 5 && !isNested) for (const part of fieldsOf(onnx, field)) isNested ||= part.number === 6;
  }
  const node: Node = { operator, inputs, isNested, span };
  for (const name of made) {
    makers.set(name, node);
    if (operator === 'Constant') constants.add(name);
  }
}

function nameIn(onnx: Uint8Array, span: Span, number: number): string {
  for (const field of fieldsOf(onnx, span)) if (field.number === number) return textOf(onnx, field);
  return '';
}

/**
 * The file with one more output. A message that appears twice in protobuf is merged, its lists joined, so a second graph
 * that holds nothing but the output is put behind the file, and nothing in it moves.
 * https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export function withOutput(onnx: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(7, WireType.LengthDelimited).fork();
  writer.tag(12, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string(name);
  const added = writer.join().join().finish();
  const whole = new Uint8Array(onnx.length + added.length);
  whole.set(onnx);
  whole.set(added, onnx.length);
  return whole;
}
