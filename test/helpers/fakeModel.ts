/** A language model whose answers are known: every figure is a hash of the tokens before, so a wrong prefix shows. */
import { packSketch, type PackedSketches } from '../../src/core/gradient/store.ts';
import type { CachedPrefix, LanguageModel } from '../../src/core/score/language-model.ts';

interface FakeCache extends CachedPrefix {
  readonly tokens: readonly number[];
}

export interface FakeModel extends LanguageModel {
  /** Caches handed out and not dropped. */
  readonly live: ReadonlySet<CachedPrefix>;
  readonly requests: number;
}

/** @param failAt request (from 0) that rejects, with its reason */
export function fakeModel(
  name: string,
  context: number,
  failAt: { readonly request: number; readonly reason: string } | null = null,
): FakeModel {
  const live = new Set<CachedPrefix>();
  let requests = 0;
  return {
    label: { name, dtype: 'fp32', device: { on: name, adapter: null, threads: null } },
    vocabulary: 1000,
    maxRows: 16,
    context,
    cacheBytesPerToken: 8,
    cacheBytes: 1 << 20,
    sketched: { of: 'last layer', why: null },
    live,
    get requests() {
      return requests;
    },
    forward({ past, pastLength, rows, width, tokens, queryAt, queryTarget, sketch, keep }) {
      if (requests++ === failAt?.request) return Promise.reject(new Error(failAt.reason));
      if (past !== null && !live.has(past)) throw new Error('a dropped cache was used');
      if (pastLength > (past?.length ?? 0)) throw new Error('more was continued than is cached');
      const before = past === null ? [] : (past as FakeCache).tokens.slice(0, pastLength);
      const row = (r: number, to: number): number[] => [...before, ...tokens.subarray(r * width, to)];
      if (pastLength + width > context) throw new Error('the text is longer than the context');
      const cache: FakeCache | null = keep ? { length: pastLength + width, tokens: row(0, width) } : null;
      if (keep && rows !== 1) throw new Error('one row can be kept');
      if (cache) live.add(cache);
      return Promise.resolve({
        entropy: Float32Array.from(queryAt, (at) => fakeEntropy(row(Math.floor(at / width), at + 1))),
        logprob: Float32Array.from(queryAt, (at, q) => -fakeEntropy([...row(Math.floor(at / width), at + 1), queryTarget[q]])),
        gradient: Float32Array.from(queryAt, (at, q) => fakeGradient([...row(Math.floor(at / width), at + 1), queryTarget[q]])),
        sketches: sketch
          ? fakeSketches(
              sketch.dim,
              Array.from(queryAt.keys())
                .filter((q) => sketch.wanted[q] === 1)
                .map((q) => fakeGradient([...row(Math.floor(queryAt[q] / width), queryAt[q] + 1), queryTarget[q]])),
            )
          : null,
        cache,
      });
    },
    cut(cache, length) {
      if (!live.has(cache) || length > cache.length) throw new Error('more was cut than is cached');
      const short: FakeCache = { length, tokens: (cache as FakeCache).tokens.slice(0, length) };
      live.add(short);
      return short;
    },
    drop(cache) {
      if (!live.delete(cache)) throw new Error('dropped twice');
    },
    dispose() {
      live.clear();
      return Promise.resolve();
    },
  };
}

/** In [0, 4), told by the whole prefix. */
export function fakeEntropy(prefix: readonly number[]): number {
  let hash = 17;
  for (const token of prefix) hash = Math.imul(hash ^ (token + 1), 0x9e3779b1) ^ (hash >>> 13);
  return ((hash >>> 8) & 4095) / 1024;
}

/** In [0, 2), told by the whole prefix and the token. */
export const fakeGradient = (prefix: readonly number[]): number => fakeEntropy([...prefix, 7]) / 2;

/** Sketches that hold one number, at a place that it tells. */
function fakeSketches(dim: number, values: readonly number[]): PackedSketches {
  const packed = { scale: new Float32Array(values.length), values: new Uint16Array(values.length * dim) };
  values.forEach((value, row) => {
    const sketch = new Float32Array(dim);
    sketch[Math.floor(value * 1024) % dim] = value;
    packed.scale[row] = packSketch(sketch, packed.values, row);
  });
  return packed;
}
