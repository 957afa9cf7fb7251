/**
 * What the scoring pass knows of the gradient: for each sampled token, and for each node as the sum over its sampled
 * tokens, a sketch of the gradient of the loss −log p by the weights of the model's last layer (`sketch.ts`). Plain inner
 * products of sketches estimate inner products of gradients, and sums of sketches are sketches of sums.
 */
import { floatToHalf, halfToFloat } from '../../base/half.ts';

/** Sketches as they are kept: value k of row i is scale[i] × half(values[i · dim + k]). */
export interface PackedSketches {
  /** row -> what its values are multiplied by: its largest magnitude */
  readonly scale: Float32Array<ArrayBuffer>;
  /** rows × dim binary16, within [−1, 1] */
  readonly values: Uint16Array<ArrayBuffer>;
}

/** What a run hands over of some edge tokens, in any order. */
export interface SketchFacts extends PackedSketches {
  /** row -> edge token */
  readonly at: Int32Array<ArrayBuffer>;
  readonly source: SketchSource;
}

/** Sketches of some tokens or nodes. */
export interface SketchRows extends PackedSketches {
  /** row -> edge token or node, ascending */
  readonly of: Int32Array<ArrayBuffer>;
  /** Share of those known that were taken, chosen by hash: 1 where nothing was left out. */
  readonly share: number;
}

/** What sketches are of, for one model. */
export interface SketchSource {
  /** `last layer`: (p − 1_y) ⊗ hidden state; `logits`: p − 1_y alone. */
  readonly of: 'last layer' | 'logits';
  /** With `logits`: why the hidden state is not known. */
  readonly why: string | null;
}

export interface Sketches extends SketchSource {
  /** Numbers per sketch, a power of two. */
  readonly dim: number;
  /** Sampled tokens. */
  readonly tokens: SketchRows;
  /** Nodes with sampled tokens; the sum over these. */
  readonly nodes: SketchRows;
}

/** Adds weight × sketch `row` to `into`, of `dim` numbers. */
export function addSketch(rows: PackedSketches, row: number, weight: number, into: Float32Array | Float64Array): void {
  const dim = into.length;
  const factor = weight * rows.scale[row];
  const from = row * dim;
  for (let k = 0; k < dim; k++) into[k] += factor * halfToFloat(rows.values[from + k]);
}

/** Writes a sketch as halves to values[row · dim ..]. @returns its scale: its largest magnitude */
export function packSketch(sketch: Float32Array | Float64Array, values: Uint16Array, row: number): number {
  const dim = sketch.length;
  let most = 0;
  for (let k = 0; k < dim; k++) most = Math.max(most, Math.abs(sketch[k]));
  const scale = Math.fround(most);
  for (let k = 0; k < dim; k++) values[row * dim + k] = scale > 0 ? floatToHalf(sketch[k] / scale) : 0;
  return scale;
}

/** The row of edge token or node `wanted`, or −1. */
export function sketchRow({ of }: Pick<SketchRows, 'of'>, wanted: number): number {
  let low = 0;
  let high = of.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (of[middle] === wanted) return middle;
    if (of[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
