/** What is known of each rollout, as columns: what tables show, filters ask and statistics count. */
import { naturalOrder } from './natural-order.ts';

interface Described {
  /** Unique among the columns of a log. It is also the column's name in the filter language; fields of the log are named `field.NAME`. */
  readonly id: string;
  readonly label: string;
  /** One sentence. */
  readonly help: string;
}

export interface NumberColumn extends Described {
  readonly type: 'number';
  readonly unit: string | null;
  /** rollout -> value, NaN = unknown */
  readonly values: Float64Array;
}

export interface TextColumn extends Described {
  readonly type: 'text';
  /** rollout -> index into `words`, -1 = unknown */
  readonly codes: Int32Array;
  /** In natural order (`natural-order.ts`), so that codes rise as people sort. */
  readonly words: readonly string[];
}

/** Several words a rollout, such as the tools it called. */
export interface SetColumn extends Described {
  readonly type: 'set';
  /** rollout -> first entry of `items`; length + 1 entries */
  readonly start: Int32Array;
  /** indices into `words`; of one rollout ascending, and none twice */
  readonly items: Int32Array;
  /** In natural order. */
  readonly words: readonly string[];
}

export type RolloutColumn = NumberColumn | TextColumn | SetColumn;

/** Of one frozen forest; its rollouts are in the order of the inputs. */
export interface RolloutColumns {
  /** Rollouts. */
  readonly length: number;
  readonly columns: readonly RolloutColumn[];
}

/** The column of that id, or undefined. */
export function columnOf({ columns }: RolloutColumns, id: string): RolloutColumn | undefined {
  return columns.find((column) => column.id === id);
}

/** Whether anything is known in it. */
export function hasValues(column: RolloutColumn): boolean {
  if (column.type === 'set') return column.items.length > 0;
  // Plain loops: whole columns are looked through where nothing is known.
  if (column.type === 'text') {
    for (let r = 0; r < column.codes.length; r++) if (column.codes[r] >= 0) return true;
    return false;
  }
  for (let r = 0; r < column.values.length; r++) if (!Number.isNaN(column.values[r])) return true;
  return false;
}

type Description = { readonly id: string; readonly label: string; readonly help: string };

/** A column of numbers, one a rollout; null and undefined are unknown. */
export function numberColumn(
  { unit = null, ...about }: Description & { readonly unit?: string | null },
  length: number,
  valueOf: (rollout: number) => number | null | undefined,
): NumberColumn {
  const values = new Float64Array(length);
  for (let r = 0; r < length; r++) values[r] = valueOf(r) ?? Number.NaN;
  return { type: 'number', ...about, unit, values };
}

/** A column of words, one a rollout; null, undefined and the empty text are unknown. */
export function textColumn(about: Description, length: number, textOf: (rollout: number) => string | null | undefined): TextColumn {
  const codes = new Int32Array(length);
  const words = new Map<string, number>();
  for (let r = 0; r < length; r++) {
    const text = textOf(r);
    codes[r] = text === null || text === undefined || text === '' ? -1 : codeOf(words, text);
  }
  return { type: 'text', ...about, ...inOrder(codes, words) };
}

/** Codes by order of arrival, as codes of the words in natural order. Changes `codes`. */
export function inOrder(codes: Int32Array, arrived: ReadonlyMap<string, number>): Pick<TextColumn, 'codes' | 'words'> {
  const { words, place } = naturalOrder([...arrived.keys()]);
  for (let r = 0; r < codes.length; r++) if (codes[r] >= 0) codes[r] = place[codes[r]];
  return { codes, words };
}

function codeOf(words: Map<string, number>, word: string): number {
  let code = words.get(word);
  if (code === undefined) words.set(word, (code = words.size));
  return code;
}
