/** Writes the few fields of an ONNX file that say what its weights are, so that any graph can be told in a line. */

export interface WrittenTensor {
  readonly name: string;
  /** TensorProto.DataType */
  readonly type: number;
  readonly dims: readonly number[];
  /** Where the numbers lie in another file. */
  readonly external?: string;
}

export interface WrittenNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly integers?: Readonly<Record<string, number>>;
  readonly constant?: WrittenTensor;
  readonly graph?: WrittenGraph;
}

export interface WrittenGraph {
  readonly nodes: readonly WrittenNode[];
  readonly tensors: readonly WrittenTensor[];
  /** Dimensions as one field each, as some writers do. */
  readonly loose?: boolean;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const part = (field: number, bytes: readonly number[]): number[] => [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
const text = (field: number, value: string): number[] => part(field, [...new TextEncoder().encode(value)]);

function tensorBytes({ name, type, dims, external }: WrittenTensor, loose: boolean): number[] {
  const sizes = loose ? dims.flatMap((size) => number(1, size)) : dims.length === 0 ? [] : part(1, dims.flatMap(varint));
  const location =
    external === undefined ? part(9, [1, 2, 3, 4]) : [...part(13, [...text(1, 'location'), ...text(2, external)]), ...number(14, 1)];
  return [...sizes, ...number(2, type), ...text(8, name), ...location];
}

function graphBytes({ nodes, tensors, loose = false }: WrittenGraph): number[] {
  return [...nodes.flatMap((node) => part(1, nodeBytes(node, loose))), ...tensors.flatMap((tensor) => part(5, tensorBytes(tensor, loose)))];
}

function nodeBytes({ operator, inputs, output = 'out', integers = {}, constant, graph }: WrittenNode, loose: boolean): number[] {
  const attributes = Object.entries(integers).map(([name, value]) => [...text(1, name), ...number(3, value), ...number(20, 2)]);
  if (constant) attributes.push([...text(1, 'value'), ...part(5, tensorBytes(constant, loose)), ...number(20, 4)]);
  if (graph) attributes.push([...text(1, 'then_branch'), ...part(6, graphBytes(graph)), ...number(20, 5)]);
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, operator),
    ...attributes.flatMap((bytes) => part(5, bytes)),
  ];
}

/** A ModelProto of IR version 9. */
export function onnxBytes(graph: WrittenGraph): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...number(1, 9), ...part(7, graphBytes(graph))]);
}
