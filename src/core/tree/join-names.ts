/** Two lists of sorted names made one, and the columns of numbers that refer to them. */
import { NONE } from '../model/kinds.ts';

export interface NamedColumn {
  readonly names: readonly string[];
  /** Places in `names`, or NONE. */
  readonly column: Int32Array;
  /** [from, to) of the column that go on. */
  readonly ranges: readonly (readonly [number, number])[];
}

/**
 * The names that anything in the ranges has, in code unit order.
 *
 * @returns numbers: of each column, old place -> new place; null where all stay what they are
 */
export function joinNames(columns: readonly NamedColumn[]): { names: string[]; numbers: (Int32Array | null)[] } {
  const used = columns.map(({ names, column, ranges }) => {
    const marks = new Uint8Array(names.length);
    if (names.length > 0) for (const [from, to] of ranges) for (let i = from; i < to; i++) if (column[i] !== NONE) marks[column[i]] = 1;
    return names.filter((_, place) => marks[place] === 1);
  });
  const names = [...new Set(used.flat())].sort();
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const numbers = columns.map((column) => {
    const places = Int32Array.from(column.names, (name) => placeOf.get(name) ?? NONE);
    return places.every((place, before) => place === before) ? null : places;
  });
  return { names, numbers };
}
