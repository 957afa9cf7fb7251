/** Stable sorting of row numbers by 32-bit keys, in linear time. */

const DIGIT_BITS = 8;
const DIGITS = 1 << DIGIT_BITS;
const MASK = DIGITS - 1;

/** Whole numbers below 2^32 that rise with a float: NaN is not among them, and −0 comes before 0. */
export function risingBits(values: Float32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  // A plain loop: `map` calls back for each of millions.
  const rising = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) rising[i] = bits[i] >>> 31 === 1 ? ~bits[i] : bits[i] | 0x8000_0000;
  return rising;
}

/**
 * The rows of `order` by rising `keys[row]`; rows of equal keys stay in their order. Four counting passes of 8 bits, each of
 * which is left out where all rows agree in it; keys move with their rows, since looking them up would take most of the time.
 * O(rows).
 * @returns a new array, or `order` itself where all keys are equal
 */
export function sortByKeys(order: Int32Array<ArrayBuffer>, keys: Uint32Array): Int32Array<ArrayBuffer> {
  const { length } = order;
  let from = order;
  let to = new Int32Array(length);
  let key = new Uint32Array(length);
  let nextKey = new Uint32Array(length);
  for (let i = 0; i < length; i++) key[i] = keys[order[i]];
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Int32Array(DIGITS);
    for (let i = 0; i < length; i++) next[(key[i] >>> shift) & MASK]++;
    if (length === 0 || next[(key[0] >>> shift) & MASK] === length) continue;
    for (let digit = 0, sum = 0; digit < DIGITS; digit++) {
      const count = next[digit];
      next[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const at = next[(key[i] >>> shift) & MASK]++;
      to[at] = from[i];
      nextKey[at] = key[i];
    }
    const spare = from === order ? new Int32Array(length) : from;
    from = to;
    to = spare;
    [key, nextKey] = [nextKey, key];
  }
  return from;
}
