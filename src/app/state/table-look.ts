/** How the table of rollouts is looked at: columns, order and grouping, as a link carries them. */

export interface TableOrder {
  /** Id of a column. */
  readonly column: string;
  readonly isDescending: boolean;
}

export interface TableLook {
  /** Ids of the columns that are shown, in their order; null: those that are shown at first. */
  readonly columns: readonly string[] | null;
  /** Null: as the log has them. */
  readonly order: TableOrder | null;
  readonly isGrouped: boolean;
}

/** What the panel on the left lists. */
export type LeftList = 'tasks' | 'rollouts';

/** Longest list of columns that an address may name. */
const COLUMNS = 256;

/** Words of an address; null where nothing differs from the first look. */
export function writeTableLook({ columns, order, isGrouped }: TableLook): Readonly<Record<'columns' | 'order' | 'grouped', string | null>> {
  return {
    columns: columns && columns.map((id) => encodeURIComponent(id)).join(','),
    order: order && `${order.isDescending ? '-' : '+'}${order.column}`,
    grouped: isGrouped ? null : 'no',
  };
}

/** Reads what `writeTableLook` wrote; the words are untrusted. */
export function readTableLook(words: URLSearchParams): TableLook {
  const columns = words.get('columns');
  const order = words.get('order') ?? '';
  return {
    columns: columns === null ? null : [...new Set(columns.split(',').map(decoded).filter(Boolean))].slice(0, COLUMNS),
    order: /^[+-]./s.test(order) ? { column: order.slice(1), isDescending: order.startsWith('-') } : null,
    isGrouped: words.get('grouped') !== 'no',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
