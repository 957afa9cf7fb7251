/** A range of one column in the text of the filter: what a brush over a histogram writes, and takes away again. */

import { printName } from '../../core/filter/print.ts';

/** Inclusive bounds; `isOpen`: the upper one is not in the range. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
}

/** The text with the column's range set to this one, or without any where it is null. Everything else stays as it was typed. */
export function withRange(text: string, id: string, range: Range | null): string {
  const name = printName(id);
  const pieces = topPieces(text);
  const rest = pieces.filter((piece) => !isBoundOf(piece, name));
  const isChoice = rest.some((piece) => piece.toLowerCase() === 'or' || piece === '|');
  const kept = rest.length === 0 ? [] : [range !== null && isChoice ? `(${rest.join(' ')})` : rest.join(' ')];
  const terms = range === null ? [] : [`${name}>=${range.from}`, `${name}${range.isOpen ? '<' : '<='}${range.to}`];
  return [...kept, ...terms].join(' ');
}

/** Whether the text has such a range. */
export function hasRange(text: string, id: string): boolean {
  return topPieces(text).some((piece) => isBoundOf(piece, printName(id)));
}

function isBoundOf(piece: string, name: string): boolean {
  return piece.startsWith(name) && /^(?:<|>)=?[^<>=]/.test(piece.slice(name.length));
}

/** What blanks part, outside of quotes and parentheses. */
function topPieces(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (isQuoted && sign === '\\') {
      piece += sign + text.charAt(++at);
      continue;
    }
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === '(') depth++;
    else if (!isQuoted && sign === ')') depth--;
    if (isQuoted || depth > 0 || !/\s/.test(sign)) piece += sign;
    else {
      if (piece !== '') pieces.push(piece);
      piece = '';
    }
  }
  return piece === '' ? pieces : [...pieces, piece];
}
