/** What a cell of the table says: the short form that is shown, and the exact one on demand. */
import { visible } from '../../../base/visible.ts';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { count, decimal, exact, honestPercent } from '../../text/format.ts';

export interface CellText {
  readonly shown: string;
  readonly exact: string;
}

/** A shorter beginning stays. */
const LEAST_PREFIX = 4;
/** Milliseconds that a date can hold. */
const LAST_DATE = 8.64e15;

export function cellText(column: RolloutColumn, r: number): CellText {
  if (column.type === 'number') return numberText(column.values[r] ?? Number.NaN, column.unit);
  const words =
    column.type === 'text'
      ? [column.words[column.codes[r] ?? -1] ?? '']
      : Array.from(column.items.subarray(column.start[r], column.start[r + 1]), (item) => column.words[item] ?? '');
  const text = visible(words.join(', '));
  if (text === '') return { shown: '–', exact: 'unknown' };
  const start = column.id === 'id' && column.type === 'text' ? prefixOf(column.words) : 0;
  return { shown: start > 0 ? `…${visible(words[0]?.slice(start) ?? '')}` : text, exact: text };
}

/** @param unit as columns name it */
export function numberText(value: number, unit: string | null): CellText {
  if (Number.isNaN(value)) return { shown: '–', exact: 'unknown' };
  const spelt = unit === null || unit === 'share' ? String(value) : `${value} ${unit}`;
  if (unit === 'share') return { shown: honestPercent(value), exact: spelt };
  if (unit === 's since 1970' && Math.abs(value) * 1000 <= LAST_DATE) {
    const date = new Date(value * 1000).toISOString();
    return { shown: date.slice(0, 16).replace('T', ' '), exact: date };
  }
  if (unit === 'tokens') return { shown: count(value), exact: spelt };
  return { shown: Number.isInteger(value) && Math.abs(value) < 1e15 ? exact(value) : decimal(value), exact: spelt };
}

const prefixes = new WeakMap<readonly string[], number>();

/** Characters that all ids begin with, up to the end of a word: they say nothing in a narrow column. */
function prefixOf(words: readonly string[]): number {
  const known = prefixes.get(words);
  if (known !== undefined) return known;
  const [first = ''] = words;
  let end = words.length > 1 ? first.length - 1 : 0;
  for (const word of words) while (end > 0 && !word.startsWith(first.slice(0, end))) end--;
  while (end > 0 && !/[\s:/_.#-]/.test(first.charAt(end - 1))) end--;
  const found = end >= LEAST_PREFIX && words.every(({ length }) => length > end) ? end : 0;
  prefixes.set(words, found);
  return found;
}
