/** What a filter that is being typed may go on with: names of columns, flags, operators and values with their counts. */
import type { RolloutColumn, RolloutColumns } from '../rollouts/columns.ts';
import { FLAGS } from './flags.ts';
import { printName, printValue } from './print.ts';
import { THROUGH, THROUGH_HELP } from './through.ts';

export interface Completion {
  /** What stands in the filter's text in place of [from, to). */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What the list shows of it, and what it says beside it. */
  readonly label: string;
  readonly about: string;
  readonly kind: 'column' | 'flag' | 'value';
  /** Rollouts that have the value; null for what is none. */
  readonly count: number | null;
}

/** Offered at once. */
const MOST = 12;

/** Completions of the word at `caret`, best first; none inside quotes or behind them. */
export function completeFilter(text: string, caret: number, { length, columns }: RolloutColumns): readonly Completion[] {
  const before = text.slice(0, caret);
  const from = wordStart(before);
  if (from === null) return [];
  const word = before.slice(from);
  const to = caret;
  const [, name, op, typed = ''] = /^([^\s"()<>=:!]+)(:|=|!=)("?[^"]*)$/.exec(word) ?? [];
  if (name !== undefined && op !== undefined) {
    const column = columns.find(({ id }) => printName(id) === name);
    return column === undefined ? [] : values(column, length, typed.replace(/^"/, ''), { from: from + name.length + op.length, to });
  }
  if (/[<>=:!"]/.test(word)) return [];
  return [...names(columns, word, { from, to }), ...flags(word, { from, to }), ...through(word, { from, to })].slice(0, MOST);
}

/** Where the word begins that the text ends with; null: it ends inside quotes of a phrase or a regular expression. */
function wordStart(before: string): number | null {
  let quoted = false;
  let from = 0;
  for (let at = 0; at < before.length; at++) {
    const character = before.charAt(at);
    if (character === '\\' && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && /[\s()]/.test(character)) from = at + 1;
  }
  while (before[from] === '-') from++;
  return /^["/]/.test(before.slice(from)) ? null : from;
}

type Range = Pick<Completion, 'from' | 'to'>;

function names(columns: readonly RolloutColumn[], word: string, range: Range): Completion[] {
  return columns
    .filter(({ id, label }) => begins(id, word) || begins(label, word) || begins(id.replace(/^field\./, ''), word))
    .map(({ id, help, type }) => ({
      ...range,
      text: `${printName(id)}${type === 'number' ? '' : ':'}`,
      label: printName(id),
      about: help,
      kind: 'column' as const,
      count: null,
    }));
}

function flags(word: string, range: Range): Completion[] {
  return Object.entries(FLAGS)
    .filter(([flag]) => begins(flag, word))
    .map(([flag, { help }]) => ({ ...range, text: `${flag} `, label: flag, about: help, kind: 'flag' as const, count: null }));
}

function through(word: string, range: Range): Completion[] {
  if (!begins(THROUGH, word)) return [];
  return [{ ...range, text: `${THROUGH}:`, label: `${THROUGH}:`, about: THROUGH_HELP, kind: 'column', count: null }];
}

/** Values of a column that hold what was typed, those that begin with it first, frequent ones before rare ones. */
function values(column: RolloutColumn, length: number, typed: string, range: Range): Completion[] {
  if (column.type === 'number') return [];
  const counts = new Int32Array(column.words.length);
  if (column.type === 'text') for (let r = 0; r < length; r++) if (column.codes[r] >= 0) counts[column.codes[r]]++;
  if (column.type === 'set') for (const item of column.items) counts[item]++;
  const wanted = typed.toLowerCase();
  const found = column.words.flatMap((word, index) => {
    const at = word.toLowerCase().indexOf(wanted);
    return at < 0 ? [] : [{ word, rank: at === 0 ? 0 : 1, count: counts[index] }];
  });
  found.sort((a, b) => a.rank - b.rank || b.count - a.count || (a.word < b.word ? -1 : 1));
  return found.slice(0, MOST).map(({ word, count }) => ({
    ...range,
    text: `${printValue([word])} `,
    label: word,
    about: '',
    kind: 'value' as const,
    count,
  }));
}

function begins(name: string, word: string): boolean {
  return name.toLowerCase().startsWith(word.toLowerCase());
}
