/** The three encodings of packed trees. */
import type { PackedRow } from './tree-tasks.ts';

/** Makes the bytes of one file. */
export interface TreeEncoder {
  /** What stands before the first row. */
  readonly head?: Uint8Array;
  /** Bytes valid until the next call; null where they come later. */
  add(rows: readonly PackedRow[]): Uint8Array | null;
  /** What stands behind the last row. */
  finish(): Uint8Array;
  /** Bytes that it will have for the rows that it holds. */
  held?(): number;
}
