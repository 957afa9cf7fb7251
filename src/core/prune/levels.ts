/** Buckets of positive numbers by size, a few per octave: the exponent and the first bits of the mantissa. */

/** Levels of pinned tokens come first, then as many of the others. */
export interface Levels {
  /** slot -> bucket */
  readonly bucket: Uint16Array;
  /** Levels of one class; there are twice as many buckets. */
  readonly count: number;
  /** level -> its least number, except that the first also holds what is less; count + 1 entries */
  readonly edges: Float64Array;
}

const MANTISSA_BITS = 23;
/**
 * @param values slot -> number ≥ 0. @param isPinned slot -> 1 = pinned. @param bits of the mantissa: 2^bits levels per octave
 * @param octaves what is that many octaves below the largest number is in the first level
 */
export function levelsOf(values: Float32Array<ArrayBuffer>, isPinned: Uint8Array, bits: number, octaves: number): Levels {
  const shift = MANTISSA_BITS - bits;
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let least = 0xffff_ffff;
  let most = 0;
  for (let slot = 0; slot < words.length; slot++) {
    least = Math.min(least, words[slot] >>> shift);
    most = Math.max(most, words[slot] >>> shift);
  }
  const first = Math.max(Math.min(least, most), most - octaves * 2 ** bits);
  const count = most - first + 1;
  const bucket = new Uint16Array(values.length);
  for (let slot = 0; slot < words.length; slot++)
    bucket[slot] = Math.max(0, (words[slot] >>> shift) - first) + (isPinned[slot] === 1 ? 0 : count);
  const edges = new Float64Array(count + 1);
  const edge = new Uint32Array(1);
  const number = new Float32Array(edge.buffer);
  for (let level = 0; level <= count; level++) {
    edge[0] = (first + level) << shift;
    edges[level] = number[0];
  }
  return { bucket, count, edges };
}
