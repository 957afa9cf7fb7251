/** Rows in blocks of some: the work of laying a list out grows with the number of what it places. Pure, over the rows' columns. */
import type { Transcript } from '../../../engine/answers/transcript.ts';
import { waitingHeight } from './body-text.ts';
import type { Rows } from './rows.ts';

/** Columns by block. */
export interface Blocks {
  readonly length: number;
  /** Rows in each; in the last those that are left. */
  readonly size: number;
  /** block -> a number for its first row, which no other row has, whatever is shown or hidden */
  readonly key: Float64Array;
  /** block -> about how high it will be, CSS pixels */
  readonly height: Float64Array;
}

const ROW_PADDING = 22;
/** Blocks at most: placing them anew, where one turns out higher, is then a matter of a millisecond. */
export const MOST_BLOCKS = 20_000;
/** More than the chunks of any text or the rows of its tokens; with a part's number before it, a double is exact. */
const CHUNKS = 2 ** 21;

export function blocksOf({ characters }: Transcript, { length: rows, part, chunk }: Rows): Blocks {
  const size = Math.ceil(Math.max(1, rows) / MOST_BLOCKS);
  const length = Math.ceil(rows / size);
  const blocks = { length, size, key: new Float64Array(length), height: new Float64Array(length) };
  for (let block = 0, row = 0; block < length; block++) {
    blocks.key[block] = (part[row] ?? 0) * CHUNKS + (chunk[row] ?? 0);
    const end = Math.min(rows, row + size);
    let height = 0;
    for (; row < end; row++) height += ROW_PADDING + waitingHeight(characters[part[row] ?? 0] ?? 0, false);
    blocks.height[block] = height;
  }
  return blocks;
}
