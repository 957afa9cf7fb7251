/**
 * What an ONNX file says of itself, read from its protobuf: the number type of its weights by the operators that read
 * them, and which operators it uses. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { fieldsOf, numbersOf, textOf, type Span } from './protobuf.ts';

/** TensorProto.DataType of weights that are used as they are. */
const FLOATS: Readonly<Record<number, string>> = {
  1: 'fp32',
  10: 'fp16',
  11: 'fp64',
  16: 'bf16',
  17: 'fp8',
  18: 'fp8',
  19: 'fp8',
  20: 'fp8',
};
const BYTES: ReadonlySet<number> = new Set([2, 3]);
const NIBBLES: ReadonlySet<number> = new Set([21, 22]);

/** Operators whose attribute `bits` says how weights are packed into bytes, and which input holds these. */
const PACKED: Readonly<Record<string, number>> = { MatMulNBits: 1, GatherBlockQuantized: 0, MatMulBnb4: 1 };
/** Where `bits` is not given. https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md */
const DEFAULT_BITS = 4;

/** Operators that read whole bytes as weights; a byte matrix that none of these reads is a mask or a table of something else. */
const READS_BYTES: ReadonlySet<string> = new Set([
  'DequantizeLinear',
  'Gather',
  'Transpose',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'DynamicQuantizeMatMul',
  'QLinearMatMul',
  'QGemm',
  'QAttention',
  'QEmbedLayerNormalization',
  'ConvInteger',
]);

export interface GraphFacts {
  /** `fp32`, `fp16`, `bf16`, `q8`, `q4`, `q4f16`, `bnb4` …; null where no weights are found. */
  readonly weights: string | null;
  readonly operators: ReadonlySet<string>;
  /** Files that weights lie in, by the names that the graph gives them, from its own folder. */
  readonly dataFiles: ReadonlySet<string>;
}

interface TensorFacts {
  readonly name: string;
  readonly type: number;
  readonly elements: number;
  readonly dimensions: number;
}

interface NodeFacts {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly bits: number;
}

interface Found {
  readonly tensors: Map<string, TensorFacts>;
  readonly nodes: NodeFacts[];
  readonly dataFiles: Set<string>;
}

/** Time: the number of weights and nodes, not their size; weights may lie in other files. */
export function graphFacts(onnx: Uint8Array): GraphFacts {
  const found: Found = { tensors: new Map(), nodes: [], dataFiles: new Set() };
  for (const field of fieldsOf(onnx, { from: 0, to: onnx.length })) if (field.number === 7) readGraph(onnx, field, found);
  return { weights: weightsOf(found), operators: new Set(found.nodes.map(({ operator }) => operator)), dataFiles: found.dataFiles };
}

function readGraph(onnx: Uint8Array, span: Span, found: Found): void {
  for (const field of fieldsOf(onnx, span)) {
    if (field.number === 1) readNode(onnx, field, found);
    if (field.number !== 5) continue;
    const tensor = readTensor(onnx, field, found);
    found.tensors.set(tensor.name, tensor);
  }
}

function readTensor(onnx: Uint8Array, span: Span, { dataFiles }: Found): TensorFacts {
  let [name, type, elements, dimensions] = ['', 0, 1, 0];
  for (const field of fieldsOf(onnx, span)) {
    if (field.number === 2) type = field.value;
    if (field.number === 8) name = textOf(onnx, field);
    if (field.number === 13) readLocation(onnx, field, dataFiles);
    if (field.number !== 1) continue;
    for (const size of numbersOf(onnx, field)) {
      elements *= size;
      dimensions++;
    }
  }
  return { name, type, elements, dimensions };
}

/** An entry of `external_data`: a key and its value. */
function readLocation(onnx: Uint8Array, span: Span, dataFiles: Set<string>): void {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(onnx, span)) {
    if (field.number === 1) key = textOf(onnx, field);
    if (field.number === 2) value = textOf(onnx, field);
  }
  if (key === 'location') dataFiles.add(value);
}

function readNode(onnx: Uint8Array, span: Span, found: Found): void {
  let [operator, bits, output] = ['', DEFAULT_BITS, ''];
  const inputs: string[] = [];
  const constants: TensorFacts[] = [];
  for (const field of fieldsOf(onnx, span)) {
    if (field.number === 1) inputs.push(textOf(onnx, field));
    if (field.number === 2 && output === '') output = textOf(onnx, field);
    if (field.number === 4) operator = textOf(onnx, field);
    if (field.number !== 5) continue;
    let attribute = '';
    for (const part of fieldsOf(onnx, field)) {
      if (part.number === 1) attribute = textOf(onnx, part);
      if (part.number === 3 && attribute === 'bits') bits = part.value;
      if (part.number === 5) constants.push(readTensor(onnx, part, found));
      // A branch of an `If`, as in merged exports.
      if (part.number === 6) readGraph(onnx, part, found);
    }
  }
  // A constant is a weight under the name of its output.
  for (const tensor of operator === 'Constant' ? constants : []) found.tensors.set(output, { ...tensor, name: output });
  found.nodes.push({ operator, inputs, bits });
}

/**
 * The number type of most quantised weights where there are any, since exporters leave tables and norms as they are and
 * still name such a model by them; else of most weights. Scales and zero points do not count.
 */
function weightsOf({ tensors, nodes }: Found): string | null {
  const quantised = new Map<string, number>();
  const taken = new Set<string>();
  const take = (label: string, { name, elements }: TensorFacts): void => {
    if (!taken.has(name)) quantised.set(label, (quantised.get(label) ?? 0) + elements);
    taken.add(name);
  };
  for (const { operator, inputs, bits } of nodes) {
    const at = PACKED[operator];
    if (at === undefined) continue;
    const tensor = tensors.get(inputs[at] ?? '');
    if (tensor)
      take(
        operator === 'MatMulBnb4' ? 'bnb4' : `q${bits}`,
        BYTES.has(tensor.type) ? { ...tensor, elements: (tensor.elements * 8) / bits } : tensor,
      );
    for (const name of inputs) taken.add(name);
  }
  const floats = new Map<string, number>();
  for (const tensor of tensors.values()) {
    const type = FLOATS[tensor.type];
    if (type !== undefined) floats.set(type, (floats.get(type) ?? 0) + tensor.elements);
    else if (NIBBLES.has(tensor.type)) take('q4', tensor);
  }
  for (const { operator, inputs } of nodes) {
    if (!READS_BYTES.has(operator)) continue;
    for (const name of inputs) {
      const tensor = tensors.get(name);
      if (tensor && BYTES.has(tensor.type) && tensor.dimensions > 1) take('q8', tensor);
    }
  }
  const most = largest(quantised);
  if (most === null) return largest(floats);
  return most === 'q4' && (floats.get('fp16') ?? 0) > (floats.get('fp32') ?? 0) ? 'q4f16' : most;
}

function largest(counts: ReadonlyMap<string, number>): string | null {
  let most: string | null = null;
  for (const [label, count] of counts) if (most === null || count > (counts.get(most) ?? 0)) most = label;
  return most;
}
