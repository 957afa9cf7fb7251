/** Sketches against exact gradients of a last layer in float64. */
import { describe, expect, it } from 'vitest';
import { mix32 } from '../../../../src/base/hash.ts';
import { makeSketcher } from '../../../../src/core/gradient/sketch.ts';
import { scoreRow, scoreRows } from '../../../../src/core/score/kernel.ts';

const VOCABULARY = 700;
const WIDTH = 90;
const DIM = 64;

/** Normal deviates of a fixed generator. */
function normals(length: number, seed: number): Float32Array<ArrayBuffer> {
  const uniform = (i: number): number => ((mix32(i ^ mix32(seed)) >>> 0) + 0.5) / 2 ** 32;
  return Float32Array.from({ length }, (_, i) => Math.sqrt(-2 * Math.log(uniform(2 * i))) * Math.cos(2 * Math.PI * uniform(2 * i + 1)));
}

interface Token {
  readonly logits: Float32Array<ArrayBuffer>;
  readonly hidden: Float32Array<ArrayBuffer>;
  readonly target: number;
  /** p − 1_target, by definition */
  readonly error: Float64Array;
}

/** A token of a model with random weights, whose hidden states have something in common, as real ones have. */
function token(seed: number, scale = 1): Token {
  const common = normals(WIDTH, 1);
  const hidden = normals(WIDTH, seed + 100).map((value, k) => value + common[k]);
  const logits = new Float32Array(VOCABULARY);
  for (let v = 0; v < VOCABULARY; v++) {
    const weights = normals(WIDTH, 1000 + v);
    for (let k = 0; k < WIDTH; k++) logits[v] += (0.1 * scale * weights[k] * hidden[k]) / 1;
  }
  const target = mix32(seed) >>> 0 ? (mix32(seed) >>> 0) % VOCABULARY : 0;
  const most = logits.reduce((a, b) => Math.max(a, b));
  const mass = Float64Array.from(logits, (z) => Math.exp(z - most));
  const sum = mass.reduce((a, b) => a + b, 0);
  return { logits, hidden, target, error: mass.map((m, v) => m / sum - (v === target ? 1 : 0)) };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};
/** ⟨error ⊗ hidden, error' ⊗ hidden'⟩ */
const exact = (a: Token, b: Token): number => dot(a.error, b.error) * dot(a.hidden, b.hidden);

function sketchOf({ logits, hidden, target }: Token, seed: number, dim = DIM): Float64Array {
  const sketcher = makeSketcher(VOCABULARY, dim, seed);
  const { counts } = scoreRows(logits, VOCABULARY, [0], [target], { sketcher, wanted: Uint8Array.of(1) });
  const into = new Float64Array(dim);
  sketcher.outer(Float64Array.from(counts!), hidden, 0, WIDTH, into);
  return into;
}

const TOKENS = Array.from({ length: 6 }, (_, seed) => token(seed));

describe('a TensorSketch', () => {
  it('estimates inner products without bias and within its bound, over draws', () => {
    const draws = 300;
    const sketches = Array.from({ length: draws }, (_, seed) => TOKENS.map((one) => sketchOf(one, seed)));
    for (const [a, one] of TOKENS.entries()) {
      for (const [b, other] of TOKENS.entries()) {
        const truth = exact(one, other);
        const errors = sketches.map((found) => dot(found[a], found[b]) - truth);
        const mean = errors.reduce((sum, error) => sum + error, 0) / draws;
        const variance = errors.reduce((sum, error) => sum + error * error, 0) / draws;
        const size = Math.sqrt(exact(one, one) * exact(other, other));
        // Avron, Nguyen and Woodruff 2014: at most (2 + 3²)/dim of the squared norms.
        expect(variance).toBeLessThan(((2 + 9) / DIM) * size * size);
        expect(Math.abs(mean)).toBeLessThan(4.5 * Math.sqrt(variance / draws));
      }
    }
  });

  it('of 512 numbers tells the cosine of sums of gradients', () => {
    const many = Array.from({ length: 24 }, (_, i) => token(50 + i));
    const sets = [many.slice(0, 12), many.slice(6, 20), many];
    const errors: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const sums = sets.map((set) => {
        const sum = new Float64Array(512);
        for (const one of set) sketchOf(one, seed, 512).forEach((value, k) => (sum[k] += value));
        return sum;
      });
      const inner = (a: readonly Token[], b: readonly Token[]): number =>
        a.reduce((sum, one) => sum + b.reduce((all, other) => all + exact(one, other), 0), 0);
      for (let a = 0; a < sets.length; a++) {
        for (let b = 0; b < a; b++) {
          const truth = inner(sets[a], sets[b]) / Math.sqrt(inner(sets[a], sets[a]) * inner(sets[b], sets[b]));
          errors.push(Math.abs(dot(sums[a], sums[b]) / Math.sqrt(dot(sums[a], sums[a]) * dot(sums[b], sums[b])) - truth));
        }
      }
    }
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.05);
  });

  it('is the circular convolution of the two count sketches, in a basis of equal inner products', () => {
    const sides = TOKENS.slice(0, 2).map(({ logits, hidden, target }) => {
      const sketcher = makeSketcher(VOCABULARY, DIM, 7);
      const { counts } = scoreRows(logits, VOCABULARY, [0], [target], { sketcher, wanted: Uint8Array.of(1) });
      // A transform of the hidden side alone: the count sketch of the certain token has one entry.
      const states = new Float64Array(DIM);
      const sketch = new Float64Array(DIM);
      for (let k = 0; k < DIM; k++) {
        const delta = new Float64Array(DIM);
        delta[0] = 1;
        sketcher.outer(delta, hidden, 0, WIDTH, sketch);
        const basis = new Float64Array(DIM);
        const one = new Float64Array(DIM);
        one[k] = 1;
        sketcher.outer(one, Float32Array.of(1), 0, 1, basis);
        const unit = new Float64Array(DIM);
        const first = new Float64Array(DIM);
        first[0] = 1;
        sketcher.outer(first, Float32Array.of(1), 0, 1, unit);
        // ⟨state, shift by k of the unit's own bucket⟩
        states[k] = dot(sketch, basis);
      }
      const convolved = new Float64Array(DIM);
      for (let i = 0; i < DIM; i++) for (let j = 0; j < DIM; j++) convolved[(i + j) % DIM] += counts![i] * states[j];
      return { convolved, sketch: sketchOf(TOKENS[0].logits === logits ? TOKENS[0] : TOKENS[1], 7) };
    });
    expect(dot(sides[0].sketch, sides[1].sketch)).toBeCloseTo(dot(sides[0].convolved, sides[1].convolved), 4);
    expect(dot(sides[0].sketch, sides[0].sketch)).toBeCloseTo(dot(sides[0].convolved, sides[0].convolved), 4);
  });
});

describe('the count sketch of p − 1', () => {
  it('keeps every inner product where the vocabulary fits, and is the gradient norm with itself', () => {
    const [a, b] = TOKENS.slice(0, 2).map(({ logits, target }) => {
      const sketcher = makeSketcher(VOCABULARY, 1024);
      return scoreRows(logits, VOCABULARY, [0], [target], { sketcher, wanted: Uint8Array.of(1) });
    });
    expect(dot(a.counts!, b.counts!)).toBeCloseTo(dot(TOKENS[0].error, TOKENS[1].error), 5);
    expect(dot(a.counts!, a.counts!)).toBeCloseTo(a.gradient[0], 5);
  });

  it('keeps its digits where the token is all but certain', () => {
    const logits = Float32Array.of(20, 0, -3, 1);
    const { gradient } = scoreRow(logits, 0, 4, 0, { entropy: 0, logprob: 0, gradient: 0 });
    const { counts } = scoreRows(logits, 4, [0], [0], { sketcher: makeSketcher(4, 8), wanted: Uint8Array.of(1) });
    expect(dot(counts!, counts!) / gradient).toBeCloseTo(1, 5);
  });

  it('is computed for the queries that want it', () => {
    const logits = Float32Array.of(1, 2, 3, 3, 2, 1);
    const { counts } = scoreRows(logits, 3, [0, 1], [2, 2], { sketcher: makeSketcher(3, 4), wanted: Uint8Array.of(0, 1) });
    expect(counts!.subarray(0, 4)).toEqual(new Float32Array(4));
    expect(counts!.subarray(4).some((value) => value !== 0)).toBe(true);
    expect(scoreRows(logits, 3, [0], [2]).counts).toBeNull();
  });
});
