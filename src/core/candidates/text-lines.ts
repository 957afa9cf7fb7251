/**
 * Words of source text where no grammar reads it: marks, words and strings line by line, without white space and comments [ours].
 * Linear in the text, whatever it is.
 */
import { NO_COMMENTS, type TextStyle } from './text-style.ts';

/** line -> its tokens */
export type LineTokens = readonly (readonly string[])[];

/** Stands before what a line is further in than the line of tokens before it, where that has a meaning. */
export const INDENT = '\u21e5';

const TAB = 8;

export function textLines(text: string, style: TextStyle = NO_COMMENTS): LineTokens {
  const tokens: string[][] = [];
  let open: string | null = null;
  let column = 0;
  for (const line of text.split('\n')) {
    const read = lineTokens(line, style, open);
    const isInside = open !== null;
    open = read.open;
    tokens.push(read.tokens);
    if (!style.indents || read.tokens.length === 0 || isInside) continue;
    const width = widthOf(line);
    if (width !== column) read.tokens.unshift(`${INDENT}${width - column}`);
    column = width;
  }
  return tokens;
}

function widthOf(line: string): number {
  let width = 0;
  for (const letter of line) {
    if (letter === ' ') width++;
    else if (letter === '\t') width += TAB - (width % TAB);
    else break;
  }
  return width;
}

const WORD = /[\p{L}\p{N}_$]+/uy;
const BLANKS = /\s+/y;

/** @param from what ends the string or comment that the line begins in; of a comment with `COMMENT` before it */
function lineTokens(line: string, style: TextStyle, from: string | null): { readonly tokens: string[]; readonly open: string | null } {
  const tokens: string[] = [];
  let at = 0;
  let open = from;
  const unclosed = new Set<string>();
  while (at < line.length || open !== null) {
    if (open !== null) {
      const isComment = open.startsWith(COMMENT);
      const mark = isComment ? open.slice(1) : open;
      const end = endOf(line, at, mark, !isComment);
      if (!isComment && end.at > at) tokens.push(line.slice(at, end.at));
      at = end.at;
      if (!end.isClosed) return { tokens, open };
      open = null;
      continue;
    }
    const next = nextToken(line, at, style, unclosed);
    if (next.token !== null) tokens.push(next.token);
    at = next.end;
    open = next.open;
  }
  return { tokens, open };
}

const COMMENT = '\u0000';

interface Next {
  readonly token: string | null;
  readonly end: number;
  readonly open: string | null;
}

/** @param unclosed quotes that were found to have no end on this line: looked for once */
function nextToken(line: string, at: number, style: TextStyle, unclosed: Set<string>): Next {
  const blanks = matchAt(BLANKS, line, at);
  if (blanks > 0) return { token: null, end: at + blanks, open: null };
  if (style.line.some((mark) => line.startsWith(mark, at))) return { token: null, end: line.length, open: null };
  const block = style.block.find(([start]) => line.startsWith(start, at));
  if (block !== undefined) return { token: null, end: at + block[0].length, open: COMMENT + block[1] };
  const long = style.long.find((mark) => line.startsWith(mark, at));
  if (long !== undefined) return { token: long, end: at + long.length, open: long };
  if (style.quotes.includes(line[at]) && !unclosed.has(line[at])) {
    const end = endOf(line, at + 1, line[at], true);
    // Without an end on its line it is a mark, as in a lifetime of Rust or in prose.
    if (end.isClosed) return { token: line.slice(at, end.at), end: end.at, open: null };
    unclosed.add(line[at]);
  }
  const word = matchAt(WORD, line, at);
  if (word > 0) return { token: line.slice(at, at + word), end: at + word, open: null };
  const mark = String.fromCodePoint(line.codePointAt(at) ?? 0);
  return { token: mark, end: at + mark.length, open: null };
}

function matchAt(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0].length ?? 0;
}

/** Where a string or comment ends that is open at `at`: behind its mark, or the end of the line. */
function endOf(line: string, at: number, mark: string, escapes: boolean): { readonly at: number; readonly isClosed: boolean } {
  for (let i = at; i < line.length; i++) {
    if (escapes && line[i] === '\\') i++;
    else if (line.startsWith(mark, i)) return { at: i + mark.length, isClosed: true };
  }
  return { at: line.length, isClosed: false };
}
