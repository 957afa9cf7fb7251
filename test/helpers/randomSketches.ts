/** Model columns with a random sketch for every sampled token, and for every node their sum; with the vectors themselves. */
import { packSketch, type SketchRows } from '../../src/core/gradient/store.ts';
import type { Forest } from '../../src/core/model/forest.ts';
import { makeRandom } from '../../src/core/prune/seeded.ts';
import type { ModelColumns } from '../../src/engine/score/columns.ts';

export const SKETCH_DIM = 64;

export interface RandomSketches {
  readonly model: ModelColumns;
  /** edge token -> its vector; undefined where nobody sampled it */
  readonly vectors: ReadonlyMap<number, Float64Array>;
}

export function randomSketches(forest: Forest, seed: number): RandomSketches {
  const random = makeRandom(seed);
  const common = Float64Array.from({ length: SKETCH_DIM }, () => random() - 0.5);
  const vectors = new Map<number, Float64Array>();
  const nodes = new Map<number, Float64Array>();
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const sum = new Float64Array(SKETCH_DIM);
    for (let at = forest.edgeStart[n] ?? 0; at < (forest.edgeStart[n + 1] ?? 0); at++) {
      const size = random() ** 3;
      const vector = common.map((value) => size * (value + random() - 0.5));
      vectors.set(at, vector);
      vector.forEach((value, k) => (sum[k] = (sum[k] ?? 0) + value));
    }
    nodes.set(n, sum);
  }
  const gradient = new Float32Array(forest.edgeTokens.length).fill(Number.NaN);
  for (const [at, vector] of vectors) gradient[at] = vector.reduce((sum, value) => sum + value ** 2, 0);
  const model: ModelColumns = {
    entropy: new Float32Array(forest.edgeTokens.length).fill(Number.NaN),
    surprisal: new Float32Array(forest.edgeTokens.length).fill(Number.NaN),
    gradient,
    source: { name: 'random', dtype: 'fp32', devices: [] },
    by: { model: 'm', tokenizer: 't' },
    scored: vectors.size,
    windows: null,
    sketches: { dim: SKETCH_DIM, of: 'last layer', why: null, tokens: pack(vectors), nodes: pack(nodes) },
  };
  return { model, vectors };
}

function pack(vectors: ReadonlyMap<number, Float64Array>): SketchRows {
  const values = new Uint16Array(vectors.size * SKETCH_DIM);
  const scale = Float32Array.from(Array.from(vectors.values(), (vector, row) => packSketch(vector, values, row)));
  return { of: Int32Array.from(vectors.keys()), scale, values, share: 1 };
}
