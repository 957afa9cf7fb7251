/** ONNX Runtime's WebAssembly in the page and in Node: tensors in JavaScript's memory, scores from logits in float64. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { halfToFloat } from '../../base/half.ts';
import { scoreRows } from '../../core/score/kernel.ts';
import { bundleBytes, type ModelBundle } from './model-folder.ts';
import type { OnnxInput, OnnxRuntime } from './onnx-port.ts';

type TensorType = Tensor.Type;
/** The constructor that the platform's copy of ONNX Runtime exports. */
export type MakeTensor = (type: TensorType, data: Tensor.DataType, dims: readonly number[]) => Tensor;

export function inputsOf(metadata: readonly InferenceSession.ValueMetadata[]): OnnxInput[] {
  return metadata.map((value) => ({
    name: value.name,
    type: value.isTensor ? value.type : 'not a tensor',
    shape: value.isTensor ? value.shape : [],
  }));
}

/** How the runtimes say that memory ran out. */
const NO_MEMORY = /bad_alloc|out of memory|failed to allocate|could not allocate|memory access out of bounds/i;

/** Why ONNX Runtime does not take a graph, in its words but without its codes; where memory ran out, with numbers. */
export function notLoaded({ name, graph, data }: Pick<ModelBundle, 'name' | 'graph' | 'data'>, error: unknown): Error {
  const said = (error instanceof Error ? error.message : String(error)).replace(/^[^:]*ERROR_CODE: \d+, ERROR_MESSAGE: /, '');
  const megabytes = Math.ceil(bundleBytes({ graph, data }) / 1e6);
  const why = NO_MEMORY.test(said)
    ? `memory ran out. Its files are of ${megabytes} MB and take about twice that; WebAssembly has 4,295 MB at most. ` +
      `Smaller weights (q4) may fit (${said})`
    : said;
  return new Error(`${name} could not be loaded (${graph.length} bytes of graph): ${why}`, { cause: error });
}

/** What the graph takes integers as. */
export function integerTensor(make: MakeTensor, type: string, values: Int32Array, dims: readonly number[]): Tensor {
  if (type === 'int64') return make('int64', BigInt64Array.from(values, BigInt), dims);
  if (type === 'int32') return make('int32', values, dims);
  if (type === 'bool') return make('bool', Uint8Array.from(values), dims);
  throw new Error(`expected an input of int64, int32 or bool, found ${type}`);
}

export function emptyTensor(make: MakeTensor, type: string, dims: readonly number[]): Tensor {
  return type === 'float16' ? make('float16', new Uint16Array(0), dims) : make('float32', new Float32Array(0), dims);
}

export function makeCpuRuntime(session: InferenceSession, make: MakeTensor): OnnxRuntime<Tensor> {
  return {
    inputs: inputsOf(session.inputMetadata),
    outputs: inputsOf(session.outputMetadata),
    run: async (feeds, outputs) => tensorsOf(await session.run(feeds, [...outputs])),
    integers: (type, values, dims) => integerTensor(make, type, values, dims),
    empty: (type, dims) => emptyTensor(make, type, dims),
    cut: (cache, length, rows) => cutTensor(make, cache, length, rows),
    score: (logits, vocabulary, at, target, sketch) => Promise.resolve(scoreRows(floatsOf(logits), vocabulary, at, target, sketch)),
    floats: (tensor) => Promise.resolve(floatsOf(tensor)),
    drop: () => undefined,
    close: () => session.release(),
  };
}

export function tensorsOf(results: InferenceSession.OnnxValueMapType): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(results));
}

/** float32 as it is, float16 widened. @param data of the tensor, where it has been read from a device */
export function floatsOf(tensor: Tensor, data: Tensor.DataType = tensor.data): Float32Array {
  if (data instanceof Float32Array) return data;
  if (tensor.type !== 'float16' || !ArrayBuffer.isView(data))
    throw new Error(`expected numbers as float32 or float16, found ${tensor.type}`);
  const halves = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return Float32Array.from(halves, halfToFloat);
}

/** Copies by bytes, so that any number type is cut alike. */
function cutTensor(make: MakeTensor, cache: Tensor, length: number, rows: number): Tensor {
  const { data, dims } = cache;
  if (!ArrayBuffer.isView(data)) throw new Error(`expected keys and values as numbers, found ${cache.type}`);
  const [, heads = 0, had = 0, width = 0] = dims;
  const elementBytes = cache.type === 'float16' ? 2 : 4;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const one = heads * length * width * elementBytes;
  const out = new Uint8Array(rows * one);
  const headBytes = length * width * elementBytes;
  for (let head = 0; head < heads; head++) {
    const from = head * had * width * elementBytes;
    out.set(bytes.subarray(from, from + headBytes), head * headBytes);
  }
  for (let row = 1; row < rows; row++) out.copyWithin(row * one, 0, one);
  const shape = [rows, heads, length, width];
  return cache.type === 'float16'
    ? make('float16', new Uint16Array(out.buffer), shape)
    : make('float32', new Float32Array(out.buffer), shape);
}
