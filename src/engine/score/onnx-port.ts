/** What scoring needs of a loaded ONNX model on one device; `T` is that device's tensor. */
import type { QueryScores, SketchAsk } from '../../core/score/kernel.ts';

export interface OnnxInput {
  readonly name: string;
  readonly type: string;
  /** Numbers where fixed, names where free. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxRuntime<T> {
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly OnnxInput[];
  /** Runs the graph and hands back the named outputs only. */
  run(feeds: Readonly<Record<string, T>>, outputs: readonly string[]): Promise<Readonly<Record<string, T>>>;
  /** A tensor of integers (`int64`, `int32`, `bool`). */
  integers(type: string, values: Int32Array, dims: readonly number[]): T;
  /** Keys or values of no tokens. */
  empty(type: string, dims: readonly number[]): T;
  /** [1, heads, L, width] cut to its first `length` of L and repeated for `rows` rows; a new tensor. */
  cut(cache: T, length: number, rows: number): T;
  /** Figures of queries on logits [rows, width, vocabulary]; `at` counts rows × width. */
  score(logits: T, vocabulary: number, at: Int32Array, target: Int32Array, sketch: SketchAsk | null): Promise<QueryScores>;
  /** All numbers of a tensor of float32 or float16. */
  floats(tensor: T): Promise<Float32Array>;
  drop(tensor: T): void;
  close(): Promise<void>;
}
