/** Writes ONNX graphs whose large weights lie in other files. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import { halfBits, randomPieces } from './numbers.mjs';
import { joined, Message } from './protobuf.mjs';

const TYPES = { float: 1, bytes: 2, int32: 6, int64: 7, bool: 9, half: 10 };
const SIZES = { float: 4, bytes: 1, int32: 4, int64: 8, bool: 1, half: 2 };
/** AttributeProto.AttributeType */
const [FLOAT, INT, STRING, GRAPH, INTS] = [1, 2, 3, 5, 7];
/** Bytes from which a weight lies outside the graph. */
const OUTSIDE = 1024;

/** Number type of ONNX, for `Cast`. */
export const typeOf = (name) => TYPES[name];

/**
 * Collects the weights and nodes of one file.
 * @param dataNames files that weights lie in, filled in turn by `mostBytes` each
 */
export function makeGraph(dataNames, mostBytes = Infinity) {
  const constants = new Map();
  const shards = dataNames.map((name) => ({ name, bytes: 0, weights: [] }));
  let shard = 0;
  let made = 0;

  function constant(name, type, dims, values) {
    if (constants.has(name)) return name;
    const bytes = dims.reduce((product, size) => product * size, 1) * SIZES[type];
    if (bytes >= OUTSIDE && shards.length > 0) {
      if (shards[shard].bytes > 0 && shards[shard].bytes + bytes > mostBytes && shard + 1 < shards.length) shard++;
      const at = shards[shard];
      constants.set(name, { type, dims, file: at.name, offset: at.bytes, bytes });
      at.weights.push(() => values(bytes));
      // A page each, as exporters do.
      at.bytes += Math.ceil(bytes / 4096) * 4096;
      at.weights.push(() => [new Uint8Array(Math.ceil(bytes / 4096) * 4096 - bytes)]);
    } else constants.set(name, { type, dims, raw: joined(values(bytes)) });
    return name;
  }

  return {
    /** A weight of random numbers; each name once. */
    random: (name, type, dims, scale, isSigned = true) =>
      constant(name, type, dims, (bytes) => randomPieces({ name, kind: type, scale, isSigned }, bytes)),
    /** Numbers as given. */
    given(values, type = 'int64', dims = [values.length]) {
      return constant(`given ${[type, dims, values.length > 64 ? made++ : values].join(' ')}`, type, dims, () => [rawBytes(values, type)]);
    },
    name: (word) => `/${word}_${made++}`,
    /** @returns a file's bytes and its data files' pieces */
    finish({ name, nodes, inputs, outputs }) {
      const writer = new Message();
      writer.number(1, 9);
      writer.text(2, 'espalier');
      writer.message(7, (graph) => {
        for (const node of nodes) graph.message(1, (field) => writeNode(field, node));
        graph.text(2, name);
        for (const [key, value] of constants) graph.message(5, (field) => writeConstant(field, key, value));
        for (const input of inputs) graph.message(11, (field) => writeValue(field, input));
        for (const output of outputs) graph.message(12, (field) => writeValue(field, output));
      });
      for (const [domain, version] of [
        ['', 18],
        ['com.microsoft', 1],
      ])
        writer.message(8, (set) => {
          set.text(1, domain);
          set.number(2, version);
        });
      const data = shards.filter(({ bytes }) => bytes > 0).map(({ name: file, weights }) => ({ file, pieces: () => piecesOf(weights) }));
      return { graph: writer.finish(), data };
    },
  };
}

function* piecesOf(weights) {
  for (const pieces of weights) yield* pieces();
}

function rawBytes(values, type) {
  const bytes = new DataView(new ArrayBuffer(values.length * SIZES[type]));
  values.forEach((value, i) => {
    if (type === 'float') bytes.setFloat32(4 * i, value, true);
    else if (type === 'half') bytes.setUint16(2 * i, halfBits(value), true);
    else if (type === 'int32') bytes.setInt32(4 * i, value, true);
    else if (type === 'int64') bytes.setBigInt64(8 * i, BigInt(value), true);
    else bytes.setUint8(i, value);
  });
  return new Uint8Array(bytes.buffer);
}

function writeNode(writer, { op, inputs, outputs, attributes = {}, domain = '' }) {
  for (const name of inputs) writer.text(1, name);
  for (const name of outputs) writer.text(2, name);
  writer.text(3, outputs.find((name) => name !== '') ?? op);
  writer.text(4, op);
  for (const [name, value] of Object.entries(attributes)) writer.message(5, (field) => writeAttribute(field, name, value));
  if (domain !== '') writer.text(7, domain);
}

/** Whole numbers as such; `{ float }` for others, `{ nodes, outputs }` for a branch. */
function writeAttribute(writer, name, value) {
  writer.text(1, name);
  let type = INT;
  if (typeof value === 'number') writer.number(3, value);
  else if (typeof value === 'string') {
    type = STRING;
    writer.text(4, value);
  } else if (Array.isArray(value)) {
    type = INTS;
    for (const one of value) writer.number(8, one);
  } else if ('float' in value) {
    type = FLOAT;
    writer.float(2, value.float);
  } else {
    type = GRAPH;
    writer.message(6, (graph) => {
      for (const node of value.nodes) graph.message(1, (field) => writeNode(field, node));
      graph.text(2, name);
      for (const output of value.outputs) graph.message(12, (field) => writeValue(field, output));
    });
  }
  writer.number(20, type);
}

function writeConstant(writer, name, { type, dims, raw, file, offset, bytes }) {
  for (const size of dims) writer.number(1, size);
  writer.number(2, TYPES[type]);
  writer.text(8, name);
  if (raw) writer.bytes(9, raw);
  else {
    for (const [key, value] of Object.entries({ location: file, offset, length: bytes }))
      writer.message(13, (entry) => {
        entry.text(1, key);
        entry.text(2, String(value));
      });
    writer.number(14, 1);
  }
}

function writeValue(writer, { name, type, dims }) {
  writer.text(1, name);
  writer.message(2, (kind) =>
    kind.message(1, (tensor) => {
      tensor.number(1, TYPES[type]);
      tensor.message(2, (shape) => {
        for (const size of dims)
          shape.message(1, (dim) => {
            if (typeof size === 'number') dim.number(1, size);
            else dim.text(2, size);
          });
      });
    }),
  );
}
