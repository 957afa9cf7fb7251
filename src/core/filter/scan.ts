/** Reads the smallest pieces of a filter's text: blanks, words, quoted texts, regular expressions. Throws `Fault` where one has no end. */

/** Caught by `parseFilter`, which makes an answer of it. */
export class Fault extends Error {
  readonly from: number;
  readonly to: number;

  constructor(sentence: string, from: number, to: number) {
    super(sentence);
    this.from = from;
    this.to = to;
  }
}

export interface Scanner {
  readonly text: string;
  at: number;
}

const BLANK = /\s/;
/** Longest first. */
const OPERATORS = ['!=', '<=', '>=', '<', '>', '=', ':'] as const;
export type Operator = (typeof OPERATORS)[number];
const JOINING = /(?:and|or|not|AND|OR|NOT)(?=[\s()]|$)/y;

/** The word that joins terms at this place. */
export function joiningAt({ text }: Scanner, at: number): 'and' | 'or' | 'not' | null {
  JOINING.lastIndex = at;
  const word = JOINING.exec(text)?.[0].toLowerCase();
  return word === 'and' || word === 'or' || word === 'not' ? word : null;
}

export function skipBlanks(scanner: Scanner): void {
  while (scanner.at < scanner.text.length && BLANK.test(scanner.text.charAt(scanner.at))) scanner.at++;
}

export function operatorAt({ text }: Scanner, at: number): Operator | null {
  return OPERATORS.find((operator) => text.startsWith(operator, at)) ?? null;
}

/** What a term cannot go on behind. */
export function endsTerm({ text }: Scanner, at: number): boolean {
  return at >= text.length || BLANK.test(text.charAt(at)) || text[at] === ')';
}

/** A word, up to a blank, an operator where `isName`, or a parenthesis that it has not opened itself. */
export function readWord(scanner: Scanner, isName: boolean): string {
  const { text } = scanner;
  const from = scanner.at;
  let open = 0;
  for (; scanner.at < text.length; scanner.at++) {
    const character = text.charAt(scanner.at);
    if (BLANK.test(character)) break;
    if (isName && operatorAt(scanner, scanner.at) !== null) break;
    if (character === ')' && --open < 0) break;
    if (character !== '(') continue;
    // `not(a b)` is a group and `print(a)` is a word.
    if (isName && joiningAt(scanner, from) !== null && scanner.at - from <= 'not'.length) break;
    open++;
  }
  return text.slice(from, scanner.at);
}

/**
 * The text between quotes, of which the scanner is at the first, split at its wildcards. `\"`, `\\` and `\*` stand for a quote, a
 * backslash and a star; in front of anything else a backslash is one.
 */
export function readQuoted(scanner: Scanner): readonly string[] {
  const { text } = scanner;
  const from = scanner.at++;
  const pieces: string[] = [];
  let piece = '';
  for (; scanner.at < text.length; scanner.at++) {
    const character = text.charAt(scanner.at);
    if (character === '"') {
      scanner.at++;
      return [...pieces, piece];
    }
    if (character === '*') {
      pieces.push(piece);
      piece = '';
    } else if (character === '\\' && /["\\*]/.test(text.charAt(scanner.at + 1))) piece += text.charAt(++scanner.at);
    else piece += character;
  }
  throw new Fault('expected a closing quote, found the end', from, text.length);
}

/** A value without quotes, split at its wildcards; `\*` is a star. */
export function piecesOf(word: string): readonly string[] {
  return word.split(/(?<!\\)\*/).map((piece) => piece.replaceAll('\\*', '*'));
}

/** A regular expression and its flags, of which the scanner is at the first slash. */
export function readExpression(scanner: Scanner): { readonly source: string; readonly flags: string } {
  const { text } = scanner;
  const from = scanner.at++;
  let inClass = false;
  for (; scanner.at < text.length; scanner.at++) {
    const character = text.charAt(scanner.at);
    if (character === '\\') scanner.at++;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) break;
  }
  if (scanner.at >= text.length) throw new Fault('expected a closing slash, found the end; put quotes round a path', from, text.length);
  const source = text.slice(from + 1, scanner.at++);
  const flags = readWord(scanner, false);
  if (source === '') throw new Fault('expected a regular expression between the slashes, found nothing', from, scanner.at);
  if (!/^[imsu]*$/.test(flags) || new Set(flags).size < flags.length)
    throw new Fault(
      `expected flags among i, m, s and u behind the regular expression, found ${quote(flags)}; put quotes round a path`,
      from,
      scanner.at,
    );
  const why = whyNoExpression(source, flags);
  if (why !== null) throw new Fault(`this is no regular expression: ${why}`, from, scanner.at);
  return { source, flags: flags.split('').sort().join('') };
}

/** In the engine's words, without the expression itself. */
function whyNoExpression(source: string, flags: string): string | null {
  try {
    void RegExp(source, flags);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*\/[imsu]*: /s, '') : String(error);
  }
}

/** What stands at the scanner, for a sentence. */
export function foundAt(scanner: Scanner): string {
  const { text, at } = scanner;
  if (at >= text.length) return 'the end';
  const word = /^(?:[^\s()]+|.)/su.exec(text.slice(at, at + 40))?.[0] ?? '';
  return quote(word.trim() === '' ? 'a blank' : word);
}

export function quote(text: string): string {
  return text === '' ? 'nothing' : text === 'a blank' ? text : `“${text}”`;
}
