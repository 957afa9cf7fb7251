/** Stable sorting of row numbers by 32-bit keys, in linear time. */

const DIGITS = 1 << 16;
const MASK = DIGITS - 1;

/** Whole numbers below 2^32 that rise with a float: NaN is not among them, and −0 comes before 0. */
export function risingBits(values: Float32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return bits.map((word) => (word >>> 31 === 1 ? ~word : word | 0x8000_0000) >>> 0);
}

/**
 * The rows of `order` by rising `keys[row]`; rows of equal keys stay in their order. Two counting passes of 16 bits, each
 * of which is left out where all rows agree in it. O(rows + 65,536).
 * @returns a new array, or `order` itself where all keys are equal
 */
export function sortByKeys(order: Int32Array<ArrayBuffer>, keys: Uint32Array): Int32Array<ArrayBuffer> {
  let from = order;
  for (const shift of [0, 16]) {
    const ends = new Int32Array(DIGITS);
    for (let i = 0; i < from.length; i++) ends[(keys[from[i]] >>> shift) & MASK]++;
    if (from.length === 0 || ends[(keys[from[0]] >>> shift) & MASK] === from.length) continue;
    for (let digit = 0, sum = 0; digit < DIGITS; digit++) {
      const count = ends[digit];
      ends[digit] = sum;
      sum += count;
    }
    const to = new Int32Array(from.length);
    for (let i = 0; i < from.length; i++) to[ends[(keys[from[i]] >>> shift) & MASK]++] = from[i];
    from = to;
  }
  return from;
}
