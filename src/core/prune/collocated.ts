/**
 * Uniform numbers for drawing tokens one by one, spread so that the size of what is drawn hardly varies: collocated
 * sampling (Brewer, Early & Hanif 1984), within strata of alike tokens [ours].
 *
 * Of n units that are each drawn when their number is below their probability, independent numbers give a size that varies.
 * Brewer, Early and Hanif take (L + ε)/n instead, with L a random ranking 0..n−1 of the units and one ε in [0, 1): each number
 * is uniform, hence each unit's probability is what it should be, and the numbers are evenly spaced. [ours]: a ranking of its
 * own for each stratum of 16 tokens with about the same probability, so that a part of the tokens is spread as evenly as all
 * of them; and an ε that goes on by the golden ratio from stratum to stratum, so that what strata round up and down evens out.
 */

/** What a draw depends on: over all seeds every ranking of tokens and every first ε is equally likely. */
export interface RandomBits {
  /** slot -> random bits, which rank the slots of a stratum */
  readonly bits: Uint32Array;
  /** ε of the first stratum, in units of 2^-32 */
  readonly first: number;
}

const STRATUM = 16;
/** 2^32 ÷ the golden ratio: multiples of it, modulo 2^32, are spread evenly. */
const GOLDEN = 0x9e3779b9;

/**
 * slot -> a uniform number in units of 2^-32. Over all seeds each is exactly uniform (to 2^-32); together they are not
 * independent.
 * @param order slots, alike ones next to each other. @param edges where strata must begin anew: first and one past the last included
 */
export function collocate(order: Int32Array, edges: Int32Array, { bits, first }: RandomBits): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(bits.length);
  const ranked = new Int32Array(STRATUM);
  let epsilon = first >>> 0;
  for (let b = 0; b + 1 < edges.length; b++) {
    for (let from = edges[b]; from < edges[b + 1]; from += STRATUM) {
      const to = Math.min(edges[b + 1], from + STRATUM);
      const size = to - from;
      for (let i = 0; i < size; i++) {
        // By insertion: strata are short.
        let at = i;
        for (const slot = order[from + i]; at > 0 && comesBefore(bits, slot, ranked[at - 1]); at--) ranked[at] = ranked[at - 1];
        ranked[at] = order[from + i];
      }
      for (let rank = 0; rank < size; rank++) numbers[ranked[rank]] = Math.floor((rank * 2 ** 32 + epsilon) / size);
      epsilon = (epsilon + GOLDEN) >>> 0;
    }
  }
  return numbers;
}

function comesBefore(bits: Uint32Array, slot: number, other: number): boolean {
  return bits[slot] < bits[other] || (bits[slot] === bits[other] && slot < other);
}
