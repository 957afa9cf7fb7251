/** What protects nodes, as a column to send: four of its values are one byte. */

/** Values 0 to 3, four to a byte, the first in the lowest bits. O(n). */
export function packProtection(values: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.ceil(values.length / 4));
  for (let n = 0; n < values.length; n++) packed[n >> 2] |= (values[n] & 3) << (2 * (n & 3));
  return packed;
}

/** The `length` values again. O(n). */
export function unpackProtection(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(length);
  for (let n = 0; n < length; n++) values[n] = (packed[n >> 2] >> (2 * (n & 3))) & 3;
  return values;
}
