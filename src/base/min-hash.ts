/**
 * Near-equal sets of integers, found without comparing all pairs: one-permutation MinHash (Li, Owen & Zhang 2012, arXiv 1208.1259)
 * with empty bins filled from others by a fixed hash (Shrivastava 2017, arXiv 1703.04664), and bands of bins as keys of buckets.
 */
import { mix32 } from './hash.ts';

const BINS = 128;
/** Two sets of Jaccard similarity s share a band with probability 1 − (1 − s^6)^21: .998 at .8, .28 at .5. */
const BAND = 6;
const BANDS = Math.floor(BINS / BAND);
const EMPTY = 0xffffffff;

export type Signature = Uint32Array<ArrayBuffer>;

/** Hashes of all runs of `width` values, each once, ascending; a shorter list is one run, an empty one has none. */
export function shingles(values: ArrayLike<number>, width: number): Uint32Array<ArrayBuffer> {
  const runs = Math.max(values.length > 0 ? 1 : 0, values.length - width + 1);
  const hashes = new Uint32Array(runs);
  for (let at = 0; at < runs; at++) {
    let hash = 0x9747b28c;
    const end = Math.min(values.length, at + width);
    for (let i = at; i < end; i++) hash = Math.imul((hash << 13) | (hash >>> 19), 5) ^ Math.imul(values[i], 0xcc9e2d51);
    hashes[at] = mix32(hash);
  }
  hashes.sort();
  let distinct = 0;
  for (const hash of hashes) if (distinct === 0 || hash !== hashes[distinct - 1]) hashes[distinct++] = hash;
  return hashes.slice(0, distinct);
}

/** @param set of hashes, at least one */
export function signatureOf(set: Uint32Array): Signature {
  const least = new Uint32Array(BINS).fill(EMPTY);
  for (const hash of set) {
    const value = mix32(hash ^ 0x5bd1e995) >>> 0;
    const bin = value >>> 25;
    const rest = value & 0x1ffffff;
    if (rest < least[bin]) least[bin] = rest;
  }
  return least.map((_, bin) => {
    let from = bin;
    for (let attempt = 1; least[from] === EMPTY; attempt++) from = mix32(Math.imul(bin + 1, 0x9e3779b1) ^ attempt) >>> 25;
    return least[from];
  });
}

/** Share of bins that agree: an estimate of the Jaccard similarity of the two sets. */
export function agreement(a: Signature, b: Signature): number {
  let equal = 0;
  for (let bin = 0; bin < BINS; bin++) if (a[bin] === b[bin]) equal++;
  return equal / BINS;
}

/** band -> a key: sets that are alike share a key of some band. */
export function bandKeys(signature: Signature): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: BANDS }, (_, band) => {
    let a = band + 1;
    let b = ~band;
    for (let bin = band * BAND; bin < (band + 1) * BAND; bin++) {
      a = mix32(a ^ signature[bin]);
      b = mix32(Math.imul(b, 0x01000193) + signature[bin]);
    }
    return (a >>> 0) * 0x200000 + (b >>> 11);
  });
}

/** |A ∩ B| ÷ |A ∪ B| of two ascending sets, of which one at least is not empty. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      both++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return both / (a.length + b.length - both);
}
