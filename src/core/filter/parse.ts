/** Reads a filter from its text, by the grammar of docs/filter.md. Linear in its length; what is wrong with it has a place. */
import { MAX_FILTER_CHARACTERS } from '../../base/bounds.ts';
import type { Filter, FilterFault, ParsedFilter } from './filter.ts';
import { isFlag } from './flags.ts';
import { readNumber } from './number-value.ts';
import {
  endsTerm,
  Fault,
  foundAt,
  joiningAt,
  operatorAt,
  piecesOf,
  quote,
  readExpression,
  readQuoted,
  readWord,
  skipBlanks,
  type Operator,
  type Scanner,
} from './scan.ts';

/** Parentheses or denials that stand in each other: reading goes down with them. */
const MOST_LEVELS = MAX_FILTER_CHARACTERS / 40;

/** Never throws: any text is a filter or a fault. */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > MAX_FILTER_CHARACTERS) {
    const most = MAX_FILTER_CHARACTERS.toLocaleString('en');
    return faultAt(`expected at most ${most} characters, found ${text.length.toLocaleString('en')}`, MAX_FILTER_CHARACTERS, text.length);
  }
  const scanner: Scanner = { text, at: 0 };
  try {
    skipBlanks(scanner);
    if (scanner.at === text.length) return { ok: true, filter: { kind: 'all' } };
    const filter = readOr(scanner, 0);
    if (scanner.at < text.length) return faultAt('expected a ( before this )', scanner.at, scanner.at + 1);
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof Fault) return faultAt(error.message, error.from, error.to);
    throw error;
  }
}

function faultAt(fault: string, from: number, to: number): FilterFault {
  return { ok: false, fault, from, to: Math.max(from, to) };
}

function readOr(scanner: Scanner, level: number): Filter {
  const of = [readAnd(scanner, level)];
  while (joiningAt(scanner, scanner.at) === 'or') {
    readWord(scanner, true);
    skipBlanks(scanner);
    of.push(readAnd(scanner, level));
  }
  return joined('or', of);
}

function readAnd(scanner: Scanner, level: number): Filter {
  const of = [readNot(scanner, level)];
  while (scanner.at < scanner.text.length && scanner.text[scanner.at] !== ')') {
    const word = joiningAt(scanner, scanner.at);
    if (word === 'or') break;
    if (word === 'and') {
      readWord(scanner, true);
      skipBlanks(scanner);
    }
    of.push(readNot(scanner, level));
  }
  return joined('and', of);
}

function joined(kind: 'and' | 'or', of: readonly Filter[]): Filter {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

/** One term, or a group, with all that denies it; and the blanks behind it. */
function readNot(scanner: Scanner, level: number): Filter {
  let denied = false;
  let denials = 0;
  for (;;) {
    if (scanner.text[scanner.at] === '-' && !endsTerm(scanner, scanner.at + 1)) scanner.at++;
    else if (joiningAt(scanner, scanner.at) === 'not') readWord(scanner, true);
    else break;
    if (denials++ >= MOST_LEVELS) tooDeep(scanner);
    denied = !denied;
    skipBlanks(scanner);
  }
  const of = scanner.text[scanner.at] === '(' ? readGroup(scanner, level) : readTerm(scanner);
  skipBlanks(scanner);
  return denied ? { kind: 'not', of } : of;
}

function readGroup(scanner: Scanner, level: number): Filter {
  const from = scanner.at++;
  if (level >= MOST_LEVELS) tooDeep(scanner);
  skipBlanks(scanner);
  const filter = readOr(scanner, level + 1);
  if (scanner.text[scanner.at] !== ')') throw new Fault('expected a ) for this (, found the end', from, from + 1);
  scanner.at++;
  return filter;
}

function tooDeep({ at }: Scanner): never {
  throw new Fault(`expected at most ${MOST_LEVELS} parentheses or denials in each other`, at - 1, at);
}

function readTerm(scanner: Scanner): Filter {
  const { text } = scanner;
  const from = scanner.at;
  if (from >= text.length) throw new Fault('expected a term, found the end', from, from);
  if (text[from] === ')' || joiningAt(scanner, from) !== null)
    throw new Fault(`expected a term, found ${foundAt(scanner)}`, from, from + 1);
  if (text[from] === '-') {
    const found = from + 1 < text.length ? 'a blank' : 'the end';
    throw new Fault(`expected a term right behind -, found ${found}`, from, from + 1);
  }
  if (text[from] === '/') {
    const { source, flags } = readExpression(scanner);
    return { kind: 'expression', source, flags, from, to: scanner.at };
  }
  if (text[from] === '"') {
    const phrase = readQuoted(scanner).join('*');
    mustEnd(scanner, 'expected a blank behind the closing quote');
    if (phrase === '') throw new Fault('expected a text between the quotes, found nothing', from, scanner.at);
    return { kind: 'words', text: phrase, from, to: scanner.at };
  }
  let name = readWord(scanner, true);
  let isQuoted = false;
  if (name.startsWith('field."')) {
    scanner.at = from + 'field.'.length;
    name = `field.${readQuoted(scanner).join('*')}`;
    isQuoted = true;
  }
  const operator = operatorBehind(scanner);
  if (operator === null) {
    if (isQuoted) throw new Fault(`expected an operator behind ${quote(name)}, found ${foundAt(scanner)}`, from, scanner.at);
    return isFlag(name) ? { kind: 'flag', flag: name, from, to: scanner.at } : { kind: 'words', text: name, from, to: scanner.at };
  }
  if (name === '') throw new Fault(`expected a column before ${operator}; put quotes round it to find it in texts`, from, scanner.at);
  return readValue(scanner, from, name, operator);
}

/** The operator of a term whose name ends here, taken. In front of all but `:` there may be blanks. */
function operatorBehind(scanner: Scanner): Operator | null {
  const look = { text: scanner.text, at: scanner.at };
  let operator = operatorAt(look, look.at);
  if (operator === null) {
    skipBlanks(look);
    operator = operatorAt(look, look.at);
    if (operator === ':') return null;
  }
  if (operator !== null) scanner.at = look.at + operator.length;
  return operator;
}

function readValue(scanner: Scanner, from: number, name: string, op: Operator): Filter {
  if (op !== ':') skipBlanks(scanner);
  const start = scanner.at;
  const isQuoted = scanner.text[start] === '"';
  const pieces = isQuoted ? readQuoted(scanner) : piecesOf(readWord(scanner, false));
  if (isQuoted) mustEnd(scanner, 'expected a blank behind the closing quote');
  const to = scanner.at;
  if (op === ':' || op === '=' || op === '!=') {
    if (to === start) throw new Fault(`expected a value after ${op}, found ${foundAt(scanner)}`, from, to);
    return { kind: 'is', name, op, pieces, from, to };
  }
  const number = readNumber(pieces.join('*'));
  if (number !== null) return { kind: 'compare', name, op, number, from, to };
  const found = to === start ? foundAt(scanner) : quote(scanner.text.slice(start, to));
  throw new Fault(`expected a number after ${op}, found ${found}`, from, Math.max(to, start));
}

function mustEnd(scanner: Scanner, expected: string): void {
  if (endsTerm(scanner, scanner.at)) return;
  const { at, text } = scanner;
  throw new Fault(`${expected}, found ${foundAt(scanner)}; inside quotes a quote is \\"`, at, text.length);
}
