/** Sets of small integers, one bit each. */

export interface BitSet {
  /** Members are in [0, length). */
  readonly length: number;
  readonly words: Int32Array<ArrayBuffer>;
}

/** The empty set over [0, length). */
export function makeBitSet(length: number): BitSet {
  return { length, words: new Int32Array((length + 31) >>> 5) };
}

export function addBit(set: BitSet, i: number): void {
  set.words[i >>> 5] |= 1 << (i & 31);
}

/** Number of members. */
export function countBits(set: BitSet): number {
  let count = 0;
  for (let w = 0; w < set.words.length; w++) {
    // Each step clears the lowest member of the word.
    for (let word = set.words[w]; word !== 0; word &= word - 1) count++;
  }
  return count;
}
