/** Rows of two aligned rollouts as they stand on the screen: runs of the same steps are folded to one row with their number. */
import { PAIRING, type SideAnswer } from '../../../engine/answers/side.ts';

/** Runs of fewer rows are not worth a fold. */
const LEAST_FOLDED = 2;

export interface PairRow {
  readonly type: 'pair';
  readonly id: string;
  /** Row of the answer. */
  readonly row: number;
  readonly isFirstDifference: boolean;
}

export interface FoldRow {
  readonly type: 'fold';
  readonly id: string;
  /** Rows [from, to) of the answer. */
  readonly from: number;
  readonly to: number;
}

export type SideRow = PairRow | FoldRow;

/** @param open first rows of runs that are unfolded */
export function sideRows(
  { pairing, firstDifference }: Pick<SideAnswer, 'pairing' | 'firstDifference'>,
  open: ReadonlySet<number>,
): SideRow[] {
  const rows: SideRow[] = [];
  for (let row = 0; row < pairing.length;) {
    let end = row;
    while (end < pairing.length && pairing[end] === PAIRING.equal) end++;
    if (end - row >= LEAST_FOLDED && !open.has(row)) {
      rows.push({ type: 'fold', id: `fold ${row}`, from: row, to: end });
      row = end;
      continue;
    }
    for (const until = Math.max(end, row + 1); row < until; row++)
      rows.push({ type: 'pair', id: `pair ${row}`, row, isFirstDifference: row === firstDifference });
  }
  return rows;
}

/** The next row after `from` that is not the same in both (before it, where `step` is −1); null where there is none. */
export function differenceBeside(rows: readonly SideRow[], pairing: Uint8Array, from: number, step: 1 | -1): number | null {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row?.type === 'pair' && pairing[row.row] !== PAIRING.equal) return at;
  }
  return null;
}
