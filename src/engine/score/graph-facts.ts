/** What an ONNX file says of itself, read from its protobuf: the number type of most weights, and which operators it uses. */

/** TensorProto.DataType, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const TYPES: Readonly<Record<number, string>> = { 1: 'fp32', 2: 'uint8', 3: 'int8', 10: 'fp16', 11: 'fp64', 16: 'bf16', 17: 'fp8', 18: 'fp8', 21: 'int4', 22: 'int4' };

interface Field {
  readonly number: number;
  /** Value of a number; length-delimited fields span [from, to). */
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** The fields of the message bytes[from .. to), or as far as they can be read. */
function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < to; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < to) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { number, value: varint(), from: at, to: at };
    else if (wire === 2) {
      const length = varint();
      const start = at;
      if (start + length > to) return;
      at += length;
      yield { number, value: 0, from: start, to: at };
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
    } else return;
  }
}

export interface GraphFacts {
  /** Of most of the weights, for example `fp16`; null where no weights are found. */
  readonly weights: string | null;
  readonly operators: ReadonlySet<string>;
}

/** Time: the number of weights and nodes, not their size. */
export function graphFacts(onnx: Uint8Array): GraphFacts {
  const operators = new Set<string>();
  const decoder = new TextDecoder();
  const elements = new Map<number, number>();
  for (const graph of fieldsOf(onnx, 0, onnx.length)) {
    if (graph.number !== 7) continue;
    for (const weight of fieldsOf(onnx, graph.from, graph.to)) {
      if (weight.number === 1) {
        for (const field of fieldsOf(onnx, weight.from, weight.to)) if (field.number === 4) operators.add(decoder.decode(onnx.subarray(field.from, field.to)));
      }
      if (weight.number !== 5) continue;
      let type = 0;
      let count = 1;
      for (const field of fieldsOf(onnx, weight.from, weight.to)) {
        if (field.number === 2) type = field.value;
        if (field.number !== 1) continue;
        if (field.from === field.to) count *= field.value;
        else for (const size of packed(onnx, field)) count *= size;
      }
      if (TYPES[type] !== undefined) elements.set(type, (elements.get(type) ?? 0) + count);
    }
  }
  let most: number | null = null;
  for (const [type, count] of elements) if (most === null || count > (elements.get(most) ?? 0)) most = type;
  return { weights: most === null ? null : (TYPES[most] ?? null), operators };
}

function* packed(bytes: Uint8Array, { from, to }: Field): Generator<number> {
  let value = 0;
  let scale = 1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    yield value;
    value = 0;
    scale = 1;
  }
}
