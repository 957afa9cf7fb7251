/** Writes a graph as an ONNX file. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Graph, GraphConstant, GraphInput, GraphNode, GraphType } from '../../core/signal/importance-graph.ts';

/** TensorProto.DataType */
const TYPES: Readonly<Record<GraphType, number>> = { float32: 1, int32: 6, int64: 7 };
/** AttributeProto.AttributeType */
const INT = 2;
const STRING = 3;
const INTS = 7;
/** The oldest intermediate representation with operator set 18, where ScatterElements can add and ReduceSum takes axes as input. */
const IR_VERSION = 8;
const OPERATOR_SET = 18;

type Fill = (writer: BinaryWriter) => void;

export const message = (writer: BinaryWriter, field: number, fill: Fill): void => {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
};
export const text = (writer: BinaryWriter, field: number, value: string): void =>
  void writer.tag(field, WireType.LengthDelimited).string(value);
const whole = (writer: BinaryWriter, field: number, value: number): void => void writer.tag(field, WireType.Varint).int64(value);

export function writeOnnx(graph: Graph): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  whole(writer, 1, IR_VERSION);
  text(writer, 2, 'espalier');
  message(writer, 7, (body) => {
    for (const node of graph.nodes) message(body, 1, (field) => writeNode(field, node));
    text(body, 2, graph.name);
    for (const constant of graph.constants) message(body, 5, (field) => writeConstant(field, constant));
    for (const input of graph.inputs) message(body, 11, (field) => writeValue(field, input));
    message(body, 12, (field) => writeValue(field, graph.output));
  });
  message(writer, 8, (set) => whole(set, 2, OPERATOR_SET));
  return writer.finish();
}

export function writeNode(writer: BinaryWriter, { op, inputs, outputs, attributes }: GraphNode): void {
  for (const name of inputs) text(writer, 1, name);
  for (const name of outputs) text(writer, 2, name);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, (attribute) => {
      text(attribute, 1, name);
      if (typeof value === 'number') whole(attribute, 3, value);
      else if (typeof value === 'string') text(attribute, 4, value);
      else for (const one of value) whole(attribute, 8, one);
      whole(attribute, 20, typeof value === 'number' ? INT : typeof value === 'string' ? STRING : INTS);
    });
  }
}

export function writeConstant(writer: BinaryWriter, { name, type, dims, values }: GraphConstant): void {
  for (const size of dims) whole(writer, 1, size);
  whole(writer, 2, TYPES[type]);
  text(writer, 8, name);
  // raw_data, little-endian
  const bytes = new DataView(new ArrayBuffer(values.length * (type === 'int64' ? 8 : 4)));
  values.forEach((value, i) => {
    if (type === 'float32') bytes.setFloat32(4 * i, value, true);
    else if (type === 'int32') bytes.setInt32(4 * i, value, true);
    else bytes.setBigInt64(8 * i, BigInt(value), true);
  });
  writer.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(bytes.buffer));
}

export function writeValue(writer: BinaryWriter, { name, type, dims }: GraphInput): void {
  text(writer, 1, name);
  message(writer, 2, (kind) =>
    message(kind, 1, (tensor) => {
      whole(tensor, 1, TYPES[type]);
      message(tensor, 2, (shape) => {
        for (const size of dims) message(shape, 1, (dim) => (typeof size === 'number' ? whole(dim, 1, size) : text(dim, 2, size)));
      });
    }),
  );
}
