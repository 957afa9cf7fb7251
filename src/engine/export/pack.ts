/**
 * Puts records together into rows of at most so many tokens, in one pass and bounded memory: best fit with a bounded number of
 * open rows (Csirik and Johnson, Bounded space on-line bin packing: best is better than first, Algorithmica 31, 2001).
 */

/** Rows that wait for more records: their tokens are all that is held. */
const OPEN_ROWS = 64;

export interface Packer<T> {
  /** Takes a record of that many tokens, at most the room of a row. @returns the row that it fills or crowds out, else null */
  add(record: T, tokens: number): readonly T[] | null;
  /** The rows that are still open, in the order in which they were begun. */
  rest(): readonly (readonly T[])[];
}

interface OpenRow<T> {
  readonly records: T[];
  free: number;
}

/**
 * A record goes into the open row that it leaves the least room in, among equals the one begun first. Where it fits into none
 * and all are open that may be, the fullest is closed. The same records in the same order give the same rows.
 * @param room tokens of a row
 */
export function makePacker<T>(room: number): Packer<T> {
  const open: OpenRow<T>[] = [];
  const close = (row: OpenRow<T>): readonly T[] => {
    open.splice(open.indexOf(row), 1);
    return row.records;
  };
  return {
    add(record, tokens) {
      if (tokens > room) throw new Error(`a record of ${tokens} tokens does not fit into a row of ${room}`);
      const best = leastFree(open.filter(({ free }) => free >= tokens));
      if (best !== null) {
        best.records.push(record);
        best.free -= tokens;
        return best.free === 0 ? close(best) : null;
      }
      if (tokens === room) return [record];
      const fullest = open.length < OPEN_ROWS ? null : leastFree(open);
      const crowdedOut = fullest === null ? null : close(fullest);
      open.push({ records: [record], free: room - tokens });
      return crowdedOut;
    },
    rest: () => open.map(({ records }) => records),
  };
}

function leastFree<T>(rows: readonly OpenRow<T>[]): OpenRow<T> | null {
  let best: OpenRow<T> | null = null;
  for (const row of rows) if (best === null || row.free < best.free) best = row;
  return best;
}
