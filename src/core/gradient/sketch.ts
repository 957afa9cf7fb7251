/**
 * Sketches of last-layer gradients: `dim` numbers whose inner products estimate those of the gradients, without bias.
 *
 * With logits z = W·h, the gradient of the loss −log p(y) by W is the outer product (p − 1_y) ⊗ h. The count sketch
 * (Charikar, Chen and Farach-Colton 2002) of one vector adds each entry, with a random sign, to a random bucket. The
 * TensorSketch (Pham and Pagh 2013) of an outer product is the circular convolution of the count sketches of its sides.
 * It is kept in the frequency domain, where it is a product and where, by Parseval, inner products are the same; it stays
 * additive, so the sketch of a sum of gradients is the sum of their sketches.
 *
 * Buckets [ours]: entry i of block b (`dim` consecutive entries) goes to bucket i XOR x_b, x_b drawn for each block. Two
 * entries of one block never meet, any others with probability 1/dim; and each bucket reads one entry of each block, so
 * it can be gathered, without two threads ever writing to one place.
 */
import { mix32 } from '../../base/hash.ts';
import { makeFft } from './fft.ts';

/** Numbers per sketch. */
export const SKETCH_DIM = 512;
/** What the hashes of every sketch that is kept are drawn from: sketches of different draws cannot be compared. */
export const SKETCH_SEED = 0x5e71;

/** The draws for one side. Signs and shifts come from `mix32` of an index XOR one of these. */
export interface HashSeeds {
  readonly sign: number;
  readonly shift: number;
}

/** @param side 0: the vocabulary; 1: the hidden state */
export function hashSeeds(seed: number, side: 0 | 1): HashSeeds {
  return { sign: mix32(seed + 0x9e3779b9 * (2 * side + 1)), shift: mix32(seed + 0x9e3779b9 * (2 * side + 2)) };
}

/** Count sketches of vectors of one length. */
interface Counter {
  /** entry -> +1 or −1 */
  readonly signs: Float32Array;
  /** block -> x */
  readonly shifts: Int32Array;
}

function makeCounter(length: number, dim: number, { sign, shift }: HashSeeds): Counter {
  return {
    signs: Float32Array.from({ length }, (_, i) => ((mix32(i ^ sign) & 1) === 1 ? -1 : 1)),
    shifts: Int32Array.from({ length: Math.ceil(length / dim) }, (_, b) => mix32(b ^ shift) & (dim - 1)),
  };
}

/** Adds factor × the sketch of values[from ..] to `into`. */
function count({ signs, shifts }: Counter, values: Float32Array, from: number, factor: number, into: Float64Array): void {
  const dim = into.length;
  for (let b = 0; b < shifts.length; b++) {
    const shift = shifts[b];
    const start = b * dim;
    const end = Math.min(start + dim, signs.length);
    for (let i = start; i < end; i++) into[(i - start) ^ shift] += factor * signs[i] * values[from + i];
  }
}

export interface Sketcher {
  readonly dim: number;
  readonly vocabulary: number;
  /**
   * The count sketch of p − 1_target, p = masses ÷ sum. `masses` are of the vocabulary, the target's replaced by minus the
   * sum of all others, so that no digits are lost where p(target) nears 1.
   */
  logits(masses: Float32Array, sum: number, into: Float64Array): void;
  /**
   * The TensorSketch of `counts` ⊗ hidden[from .. from + width), packed: component 0, component dim/2, then real and
   * imaginary parts of the others, scaled so that plain inner products are those of the convolution. Overwrites `counts`.
   */
  outer(counts: Float64Array, hidden: Float32Array, from: number, width: number, into: Float64Array): void;
}

export function makeSketcher(vocabulary: number, dim = SKETCH_DIM, seed = SKETCH_SEED): Sketcher {
  const words = makeCounter(vocabulary, dim, hashSeeds(seed, 0));
  const fft = makeFft(dim);
  const imaginary = new Float64Array(dim);
  let states: Counter | null = null;
  return {
    dim,
    vocabulary,
    logits(masses, sum, into) {
      into.fill(0);
      count(words, masses, 0, 1 / sum, into);
    },
    outer(counts, hidden, from, width, into) {
      if (states?.signs.length !== width) states = makeCounter(width, dim, hashSeeds(seed, 1));
      imaginary.fill(0);
      count(states, hidden, from, 1, imaginary);
      // One transform carries both: with C of a + ib, A_k·B_k = (C_k² − conj(C_−k)²) ÷ 4i.
      fft(counts, imaginary);
      const half = dim / 2;
      const whole = 1 / Math.sqrt(dim);
      const twice = Math.sqrt(2 / dim) / 4;
      into[0] = counts[0] * imaginary[0] * whole;
      into[1] = counts[half] * imaginary[half] * whole;
      for (let k = 1; k < half; k++) {
        const [a, b] = [counts[k], imaginary[k]];
        const [c, d] = [counts[dim - k], imaginary[dim - k]];
        into[2 * k] = 2 * (a * b + c * d) * twice;
        into[2 * k + 1] = (c * c - d * d - a * a + b * b) * twice;
      }
    },
  };
}
