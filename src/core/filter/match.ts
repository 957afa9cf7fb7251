/** Which rollouts a filter takes: loops over columns, one per term. */
import type { RolloutColumn, RolloutColumns, SetColumn } from '../rollouts/columns.ts';
import { isAny } from './check.ts';
import type { CompareTerm, Filter, IsTerm, Term } from './filter.ts';
import { FLAGS } from './flags.ts';
import { readRange } from './number-value.ts';
import { matcherOf } from './pattern.ts';
import { finderOf, textTermOf } from './text-terms.ts';
import { nodeOfTerm, THROUGH, throughTerm } from './through.ts';

/** Key of a text term -> rollout -> 1 where its texts hold it; and `throughTerm` of a node -> rollout -> 1 where it passes the node. */
export type FoundTexts = ReadonlyMap<string, Uint8Array>;

/** The column whose words bare words are also looked for in. */
const NAMES = 'task';

/**
 * rollout -> 1 where the filter takes it. A term on what is not known of a rollout does not take it, and neither does a term on a
 * column that there is not; `not` turns both round.
 * @param texts of every text term (`textTermsOf`) and node (`nodesAskedFor`); throws where one is missing
 */
export function matchFilter(filter: Filter, { length, columns }: RolloutColumns, texts: FoundTexts): Uint8Array<ArrayBuffer> {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const match = (part: Filter): Uint8Array<ArrayBuffer> => {
    if (part.kind === 'all') return new Uint8Array(length).fill(1);
    if (part.kind === 'not') {
      const out = match(part.of);
      for (let r = 0; r < length; r++) out[r] = 1 - out[r];
      return out;
    }
    if (part.kind !== 'and' && part.kind !== 'or') return matchTerm(part, length, byId, texts);
    const out = new Uint8Array(length).fill(part.kind === 'and' ? 1 : 0);
    for (const each of part.of) {
      const taken = match(each);
      if (part.kind === 'and') for (let r = 0; r < length; r++) out[r] &= taken[r];
      else for (let r = 0; r < length; r++) out[r] |= taken[r];
    }
    return out;
  };
  return match(filter);
}

function matchTerm(term: Term, length: number, byId: ReadonlyMap<string, RolloutColumn>, texts: FoundTexts): Uint8Array<ArrayBuffer> {
  if (term.kind === 'words' || term.kind === 'expression') {
    const { key } = textTermOf(term);
    const found = texts.get(key);
    if (found === undefined) throw new Error(`${key} has not been looked for`);
    const names = term.kind === 'words' ? byId.get(NAMES) : undefined;
    const finder = finderOf(textTermOf(term));
    const named = names === undefined ? null : matchWords(names, (word) => finder.next(word, 0) !== null, length);
    return Uint8Array.from(found, (taken, r) => taken | (named?.[r] ?? 0));
  }
  if (term.kind === 'flag') {
    const { column, holds } = FLAGS[term.flag];
    const asked = byId.get(column);
    if (asked === undefined) return new Uint8Array(length);
    return matchValues(asked.type === 'set' ? sizesOf(asked, length) : asked.type === 'number' ? asked.values : [], holds, length);
  }
  if (term.name === THROUGH) {
    const passing = texts.get(throughTerm(nodeOfTerm(term) ?? ''));
    if (passing === undefined) throw new Error(`nobody has looked who passes ${term.name}`);
    return Uint8Array.from(passing);
  }
  const column = byId.get(term.name);
  if (column === undefined) return new Uint8Array(length);
  return column.type === 'number' ? matchNumber(term, column.values, length) : matchText(term, column, length);
}

function matchNumber(term: CompareTerm | IsTerm, values: ArrayLike<number>, length: number): Uint8Array<ArrayBuffer> {
  if (term.kind === 'compare') {
    const { op, number } = term;
    if (op === '<') return matchValues(values, (value) => value < number, length);
    if (op === '<=') return matchValues(values, (value) => value <= number, length);
    if (op === '>') return matchValues(values, (value) => value > number, length);
    return matchValues(values, (value) => value >= number, length);
  }
  const range = isAny(term) ? { low: -Infinity, high: Infinity } : readRange(term.pieces.join('*'));
  if (range === null) return new Uint8Array(length);
  const wanted = term.op !== '!=';
  return matchValues(values, (value) => (value >= range.low && value <= range.high) === wanted, length);
}

/** NaN is nothing that is known. */
function matchValues(values: ArrayLike<number>, holds: (value: number) => boolean, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  for (let r = 0; r < length; r++) {
    const value = values[r] ?? NaN;
    if (!Number.isNaN(value) && holds(value)) out[r] = 1;
  }
  return out;
}

function matchText(
  term: CompareTerm | IsTerm,
  column: Exclude<RolloutColumn, { type: 'number' }>,
  length: number,
): Uint8Array<ArrayBuffer> {
  if (term.kind === 'compare') return new Uint8Array(length);
  const out = matchWords(column, matcherOf(term.pieces), length);
  if (term.op !== '!=') return out;
  // Something is known, and it is something else: of several words, none is the one.
  const known = matchWords(column, () => true, length);
  for (let r = 0; r < length; r++) out[r] = known[r] & (1 - out[r]);
  return out;
}

/** rollout -> 1 where a word of it passes; each word is asked once. */
function matchWords(column: RolloutColumn, passes: (word: string) => boolean, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  if (column.type === 'number') return out;
  const passed = Uint8Array.from(column.words, (word) => (passes(word) ? 1 : 0));
  if (column.type === 'text') {
    for (let r = 0; r < length; r++) if (column.codes[r] >= 0) out[r] = passed[column.codes[r]] ?? 0;
    return out;
  }
  const { start, items } = column;
  for (let r = 0; r < length; r++) for (let i = start[r]; i < start[r + 1]; i++) out[r] |= passed[items[i]] ?? 0;
  return out;
}

function sizesOf({ start }: SetColumn, length: number): Int32Array {
  return Int32Array.from({ length }, (_, r) => start[r + 1] - start[r]);
}
