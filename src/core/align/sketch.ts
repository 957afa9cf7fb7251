/**
 * 64 bits for a set of words, of which two sets share about (1 + J)/2, J being their Jaccard similarity: one bit of each of 64 minima
 * (1-bit minwise hashing, Li and König 2010). The standard deviation of the J that they tell is at most .125.
 */
import { mix32 } from '../../base/hash.ts';

export const SKETCH_BITS = 64;
const HALF = 32;
/** Words of a text that are looked at. */
const MOST_WORDS = 2000;
const NO_WORD = 0x2545f491;

/** entry -> 64 bits */
export interface Sketches {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function makeSketches(length: number): Sketches {
  return { low: new Int32Array(length), high: new Int32Array(length) };
}

/** Hashes of the distinct words of a text (letters and digits, in lower case), ascending; at least one. */
export function wordSet(text: string): Uint32Array<ArrayBuffer> {
  const words = new Set<number>();
  let seen = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (seen++ === MOST_WORDS) break;
    let hash = 0x811c9dc5;
    const lower = word.toLowerCase();
    for (let i = 0; i < lower.length; i++) hash = Math.imul(hash ^ lower.charCodeAt(i), 0x01000193);
    words.add(mix32(hash) >>> 0);
  }
  return Uint32Array.from(words.size === 0 ? [NO_WORD] : words).sort();
}

/** Writes the sketch of a set of hashes. O(64 · hashes) */
export function sketch({ low, high }: Sketches, at: number, set: Uint32Array): void {
  for (let bit = 0; bit < SKETCH_BITS; bit++) {
    const salt = Math.imul(bit + 1, 0x9e3779b1);
    let least = 0xffffffff;
    for (let i = 0; i < set.length; i++) {
      const value = mix32(set[i] ^ salt) >>> 0;
      if (value < least) least = value;
    }
    if (bit < HALF) low[at] |= (least & 1) << bit;
    else high[at] |= (least & 1) << (bit - HALF);
  }
}
