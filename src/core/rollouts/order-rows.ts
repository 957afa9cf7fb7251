/** Rows of a table in the order of a column: stable, and what is unknown comes last in either direction. */
import { sortByKeys } from '../../base/radix-sort.ts';
import type { RolloutColumn } from './columns.ts';

const UNKNOWN = 0xffff_ffff;

/**
 * O(rows). Numbers by size, words in natural order, sets by how many words they have.
 * @param rows rollouts, each once
 * @returns `rows` itself or a new array
 */
export function orderRows(rows: Int32Array<ArrayBuffer>, column: RolloutColumn, isDescending: boolean): Int32Array<ArrayBuffer> {
  if (column.type === 'number') return orderNumbers(rows, column.values, isDescending);
  const { length } = column.type === 'text' ? column.codes : column.start.subarray(1);
  const keys = new Uint32Array(length);
  for (let r = 0; r < length; r++) {
    const rank = column.type === 'text' ? column.codes[r] : column.start[r + 1] - column.start[r];
    keys[r] = rank < 0 ? UNKNOWN : isDescending ? UNKNOWN - 1 - rank : rank;
  }
  return sortByKeys(rows, keys);
}

/** By the bits of the doubles: the lower halves, then the upper ones, which the first pass leaves in place among equals. */
function orderNumbers(rows: Int32Array<ArrayBuffer>, values: Float64Array, isDescending: boolean): Int32Array<ArrayBuffer> {
  // Added to 0, −0 is 0.
  const bits = new Uint32Array(values.map((value) => value + 0).buffer);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let r = 0; r < values.length; r++) {
    if (Number.isNaN(values[r])) {
      low[r] = high[r] = UNKNOWN;
      continue;
    }
    const isNegative = bits[2 * r + 1] >>> 31 === 1;
    const flip = isNegative !== isDescending;
    low[r] = flip ? ~bits[2 * r] : bits[2 * r];
    high[r] = isNegative ? ~bits[2 * r + 1] : bits[2 * r + 1] | 0x8000_0000;
    if (isDescending) high[r] = ~high[r];
  }
  return sortByKeys(sortByKeys(rows, low), high);
}
