/** A range of one column in the text of a filter: what a brush over a histogram writes, and takes away again. */
import type { CompareTerm, Filter } from './filter.ts';
import { parseFilter } from './parse.ts';
import { printFilter, printName } from './print.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
  /** `to` itself is not in the range. */
  readonly isOpen: boolean;
}

/**
 * The text with the column's range set to this one, or without any where it is null: terms that all rollouts have to fit are taken
 * out where they bound that column. What else was typed stays, and a text that is no filter as it is.
 */
export function withRange(text: string, id: string, range: Range | null): string {
  const parsed = parseFilter(text);
  if (!parsed.ok) return text;
  const { filter } = parsed;
  const parts = partsOf(filter);
  const others = parts.filter((part) => !isBoundOf(part, id));
  const name = printName(id);
  const terms = range === null ? [] : [`${name}>=${range.from}`, `${name}${range.isOpen ? '<' : '<='}${range.to}`];
  const rest = others.length === parts.length ? text.trim() : others.map(grouped).join(' ');
  const isChoice = filter.kind === 'or' && range !== null;
  return [...(rest === '' ? [] : [isChoice ? `(${rest})` : rest]), ...terms].join(' ');
}

/** Whether the text has such a range. */
export function hasRange(text: string, id: string): boolean {
  const parsed = parseFilter(text);
  return parsed.ok && partsOf(parsed.filter).some((part) => isBoundOf(part, id));
}

function partsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.of : filter.kind === 'all' ? [] : [filter];
}

function isBoundOf(part: Filter, id: string): part is CompareTerm {
  return part.kind === 'compare' && part.name === id;
}

function grouped(part: Filter): string {
  const text = printFilter(part);
  return part.kind === 'or' || part.kind === 'and' ? `(${text})` : text;
}
