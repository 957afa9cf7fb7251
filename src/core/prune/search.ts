/** Binary search in rising columns. */

import { NONE } from '../model/kinds.ts';

/** Last row in [from, to) whose value is at most `limit`, or NONE. The rows must not fall. */
export function lastAtMost(column: Float64Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low === from ? NONE : low - 1;
}
