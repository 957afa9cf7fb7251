/** A small seeded generator, so that a random baseline is the same on every machine. */

/**
 * Uniform numbers in [0, 1) from a 32-bit seed: a counter stepped by the golden ratio and scrambled by the 32-bit
 * finaliser of MurmurHash3.
 */
export function makeRandom(seed: number): () => number {
  let counter = Math.imul(seed | 0, 0x85ebca6b) ^ 0x5bd1e995;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let x = counter;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 0x1_0000_0000;
  };
}
