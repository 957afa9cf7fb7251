/** The text of a filter, as short as it can be said: reading it again gives an equal filter. */
import type { Filter, Term } from './filter.ts';
import { isFlag } from './flags.ts';
import { joiningAt } from './scan.ts';

const FIELD = 'field.';

export function printFilter(filter: Filter): string {
  if (filter.kind === 'all') return '';
  if (filter.kind === 'not') return `-${grouped(filter.of, true)}`;
  if (filter.kind === 'and') return filter.of.map((part) => grouped(part, part.kind === 'and')).join(' ');
  if (filter.kind === 'or') return filter.of.map((part) => grouped(part, part.kind === 'or')).join(' or ');
  return printTerm(filter);
}

/** In parentheses where it is more than a term and stands in what binds closer, or in its own kind. */
function grouped(filter: Filter, always: boolean): string {
  const text = printFilter(filter);
  const isLoose = filter.kind === 'or' || (filter.kind === 'and' && always) || (filter.kind === 'not' && always);
  return isLoose ? `(${text})` : text;
}

export function printTerm(term: Term): string {
  if (term.kind === 'flag') return term.flag;
  if (term.kind === 'expression') return `/${term.source}/${term.flags}`;
  if (term.kind === 'words') return isPlainWord(term.text) ? term.text : quoted([term.text], /[\\"]/g);
  const name = printName(term.name);
  return term.kind === 'compare' ? `${name}${term.op}${term.number}` : `${name}${term.op}${printValue(term.pieces)}`;
}

/** As a term needs it: `field."a name"` where it has blanks. */
export function printName(name: string): string {
  return !/[\s"()<>=:!]/.test(name) || !name.startsWith(FIELD) ? name : `${FIELD}${quoted([name.slice(FIELD.length)])}`;
}

/** A value with its wildcards, in quotes where it needs them. */
export function printValue(pieces: readonly string[]): string {
  if (pieces.join('') === '' && pieces.length === 1) return '""';
  return pieces.some((piece) => /[\s"()\\*]/.test(piece)) ? quoted(pieces) : pieces.join('*');
}

function isPlainWord(text: string): boolean {
  return !/[\s"()<>=:!]/.test(text) && !/^[-/]/.test(text) && !isFlag(text) && joiningAt({ text, at: 0 }, 0) === null;
}

function quoted(pieces: readonly string[], escaped = /[\\"*]/g): string {
  return `"${pieces.map((piece) => piece.replaceAll(escaped, '\\$&')).join('*')}"`;
}
