/** Holds a filter against the columns of a log: which of its terms can be asked there, and what is wrong with the first that cannot. */
import type { FilterFault, CompareTerm, Filter, IsTerm } from './filter.ts';
import { termsOf } from './filter.ts';
import { isFlag } from './flags.ts';
import { nearWords } from './near-words.ts';
import { readRange } from './number-value.ts';
import { printName } from './print.ts';
import { THROUGH, throughFault } from './through.ts';

/** What a check needs to know of a column. */
export interface ColumnKind {
  readonly id: string;
  readonly type: 'number' | 'text' | 'set';
}

/** The first fault, or null where every term can be asked. */
export function checkFilter(filter: Filter, columns: readonly ColumnKind[]): FilterFault | null {
  const types = new Map(columns.map(({ id, type }) => [id, type]));
  for (const term of termsOf(filter)) {
    if (term.kind !== 'compare' && term.kind !== 'is') continue;
    const type = types.get(term.name);
    if (term.name === THROUGH) {
      const wrong = throughFault(term);
      if (wrong !== null) return { ok: false, fault: wrong, from: term.from, to: term.to };
      continue;
    }
    const fault = type === undefined ? unknown(term.name, [...types.keys()]) : misused(term, type);
    if (fault !== null) return { ok: false, fault, from: term.from, to: term.to };
  }
  return null;
}

function unknown(name: string, names: readonly string[]): string {
  const near = nearWords(name, names);
  const hint = near.length > 0 ? `near it: ${near.map(printName).join(', ')}` : 'put quotes round it to find it in texts';
  return isFlag(name) ? `${name} stands alone, and is no column` : `there is no column ${name}; ${hint}`;
}

function misused(term: CompareTerm | IsTerm, type: ColumnKind['type']): string | null {
  const name = printName(term.name);
  if (term.kind === 'compare') return type === 'number' ? null : `${name} is text: expected ${name}:value, found ${name}${term.op}`;
  if (type !== 'number' || isAny(term)) return null;
  const value = term.pieces.join('*');
  if (readRange(value) !== null) return null;
  return `expected a number or a range after ${name}${term.op}, found ${value === '' ? 'nothing' : `“${value}”`}`;
}

/** `name:*`: whatever it is, as long as it is known. */
export function isAny({ pieces }: IsTerm): boolean {
  return pieces.length > 1 && pieces.every((piece) => piece === '');
}
