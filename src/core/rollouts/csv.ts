/** Rollouts as CSV, for spreadsheets and data frames: every digit of a number, and no text that a spreadsheet would run. */
import type { RolloutColumn } from './columns.ts';

/** The line of names. Lines end as RFC 4180 has it. */
export function csvHead(columns: readonly RolloutColumn[]): string {
  return `${columns.map(({ id }) => textCell(id)).join(',')}\r\n`;
}

/** One rollout; what is unknown is empty, and the words of a set are joined by blanks. */
export function csvLine(columns: readonly RolloutColumn[], rollout: number): string {
  let line = '';
  for (let c = 0; c < columns.length; c++) line += (c === 0 ? '' : ',') + cell(columns[c], rollout);
  return `${line}\r\n`;
}

function cell(column: RolloutColumn, r: number): string {
  if (column.type === 'number') return Number.isNaN(column.values[r]) ? '' : String(column.values[r]);
  if (column.type === 'text') return column.codes[r] < 0 ? '' : textCell(column.words[column.codes[r]]);
  return textCell(wordsOf(column, r).join(' '));
}

function wordsOf({ start, items, words }: Extract<RolloutColumn, { type: 'set' }>, r: number): string[] {
  return Array.from(items.subarray(start[r], start[r + 1]), (item) => words[item]);
}

/** Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
