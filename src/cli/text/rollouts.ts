/** Rollouts as lines of a terminal, and as objects of JSON. */
import type { RolloutColumn } from '../../core/rollouts/columns.ts';

/** Widest cell of a terminal; what is longer ends in an ellipsis. */
const WIDEST = 40;
/** Digits of a fraction that a person reads; CSV and JSON have all. */
const DIGITS = 6;

/** The names of the columns, and a line for each rollout: numbers at the right of their column. */
export function tableLines(columns: readonly RolloutColumn[], rows: ArrayLike<number>): string[] {
  const cells = Array.from({ length: rows.length }, (_, i) => columns.map((column) => cellText(column, rows[i] ?? 0)));
  const widths = columns.map(({ id }, c) => cells.reduce((most, row) => Math.max(most, row[c]?.length ?? 0), id.length));
  const line = (row: readonly string[]): string =>
    row
      .map((text, c) => (columns[c]?.type === 'number' ? text.padStart(widths[c] ?? 0) : text.padEnd(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ id }) => id)), ...cells.map(line)];
}

function cellText(column: RolloutColumn, r: number): string {
  const value = valueOf(column, r);
  if (value === null) return '-';
  if (typeof value === 'number') return String(Math.abs(value) < 10 ** DIGITS ? Number(value.toPrecision(DIGITS)) : Math.round(value));
  const text = typeof value === 'string' ? value : value.join(' ');
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** Column -> its value, null where unknown; of a set its words. */
export function rolloutJson(columns: readonly RolloutColumn[], r: number): Record<string, number | string | readonly string[] | null> {
  return Object.fromEntries(columns.map((column) => [column.id, valueOf(column, r)]));
}

function valueOf(column: RolloutColumn, r: number): number | string | readonly string[] | null {
  if (column.type === 'number') return Number.isNaN(column.values[r] ?? Number.NaN) ? null : (column.values[r] ?? null);
  if (column.type === 'text') return column.words[column.codes[r] ?? -1] ?? null;
  return Array.from(column.items.subarray(column.start[r], column.start[r + 1]), (item) => column.words[item] ?? '');
}
