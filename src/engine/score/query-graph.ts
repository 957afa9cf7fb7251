/**
 * Lets an ONNX graph make logits for the asked tokens only: a Gather of their rows before the last multiplication, found
 * by structure (`hidden-state.ts`). Its operators and weights stay as they are, also those that lie in other files.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { findHead } from './hidden-state.ts';
import { message, text, writeConstant, writeNode, writeValue } from './onnx-writer.ts';
import { fieldsOf, type Span } from './protobuf.ts';

/** int64 [queries]: indices into rows × width of the tokens whose logits are made, [1, queries, vocabulary]. */
export const QUERY_ROWS = 'espalier_query_rows';

/** These take a hidden state of two dimensions, and what comes behind restores the third. */
const FLAT: ReadonlySet<string> = new Set(['Gemm', 'FusedGemm', 'QGemm']);
const GRAPH = 7;
const NODE = 1;

/**
 * The file with the input `QUERY_ROWS`; a sentence where its structure does not allow it. Time: its size, which is copied.
 * @param tail what is put behind it
 */
export function withQueries(onnx: Uint8Array, tail = new Uint8Array(0)): Uint8Array<ArrayBuffer> | string {
  const head = findHead(onnx);
  if (typeof head === 'string') return head;
  if (FLAT.has(head.operator)) return `the last multiplication is a ${head.operator}`;
  const graph = [...fieldsOf(onnx, { from: 0, to: onnx.length })].find(
    ({ number, from, to }) => number === GRAPH && from <= head.span.from && head.span.to <= to,
  );
  const graphAt = graph && headerOf(onnx, graph, GRAPH);
  const nodeAt = headerOf(onnx, head.span, NODE);
  if (!graph || graphAt === undefined || graphAt === null || nodeAt === null) return 'the last multiplication has an unusual encoding';
  // Messages of one field that follow each other are merged, their lists joined: what comes before the node, in its place, and behind it.
  return joined([
    onnx.subarray(0, graphAt),
    field(GRAPH, onnx.subarray(graph.from, nodeAt)),
    addition(onnx, head.span, head.inputs[0] ?? ''),
    field(GRAPH, onnx.subarray(head.span.to, graph.to)),
    onnx.subarray(graph.to),
    tail,
  ]);
}

/** Where the field's tag begins; null where it is not written the short way. */
function headerOf(onnx: Uint8Array, { from, to }: Span, number: number): number | null {
  const header = new BinaryWriter()
    .tag(number, WireType.LengthDelimited)
    .uint32(to - from)
    .finish();
  const at = from - header.length;
  return at >= 0 && header.every((byte, i) => onnx[at + i] === byte) ? at : null;
}

function field(number: number, bytes: Uint8Array): Uint8Array[] {
  const header = new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(bytes.length).finish();
  return [header, bytes];
}

/** The hidden state as one row of all tokens, the asked ones of them, and the multiplication of these. */
function addition(onnx: Uint8Array, head: Span, hidden: string): Uint8Array {
  const [shape, flat, asked] = ['espalier_flat_shape', 'espalier_flat_state', 'espalier_asked_state'];
  const writer = new BinaryWriter();
  message(writer, GRAPH, (graph) => {
    message(graph, NODE, (reshape) => writeNode(reshape, { op: 'Reshape', inputs: [hidden, shape], outputs: [flat], attributes: {} }));
    message(graph, NODE, (gather) =>
      writeNode(gather, { op: 'Gather', inputs: [flat, QUERY_ROWS], outputs: [asked], attributes: { axis: 1 } }),
    );
    message(graph, NODE, (copy) => {
      let isFirst = true;
      for (const part of fieldsOf(onnx, head)) {
        if (part.number === 1 && isFirst) {
          text(copy, 1, asked);
          isFirst = false;
        } else copy.tag(part.number, WireType.LengthDelimited).bytes(onnx.subarray(part.from, part.to));
      }
    });
    message(graph, 5, (constant) => writeConstant(constant, { name: shape, type: 'int64', dims: [3], values: [1, -1, 0] }));
    message(graph, 11, (input) => writeValue(input, { name: QUERY_ROWS, type: 'int64', dims: ['queries'] }));
  });
  return writer.finish();
}

function joined(parts: readonly (Uint8Array | readonly Uint8Array[])[]): Uint8Array<ArrayBuffer> {
  const flat = parts.flat();
  const all = new Uint8Array(flat.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of flat) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
