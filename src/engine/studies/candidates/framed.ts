/**
 * A piece of a file in Python, as a text of its own: what it hangs below is put before it, and what it leaves open is closed behind it, so
 * that the parser finds fewer errors in it. None of that is compared.
 */
import { textLines } from '../../../core/candidates/text-lines.ts';
import { styleOf } from '../../../core/candidates/text-style.ts';

const TAB = 8;
const PYTHON = styleOf('a.py');

/** @returns how many lines are before */
export function framed(side: string): { readonly text: string; readonly before: number } {
  const lines = side.split('\n');
  const inked = lines.filter((line) => line.trim() !== '').map((line) => ({ words: line.trim(), width: widthOf(line) }));
  const first = inked[0] ?? { words: '', width: 0 };
  const above = [...new Set([0, ...inked.map(({ width }) => width)])].filter((width) => width < first.width).sort((a, b) => a - b);
  const heads = [...above.map((width) => at(width, 'if 1:')), ...headOf(first.words).map((line) => at(first.width, line))];
  return { text: [...heads, ...lines, ...tailOf(side, inked)].join('\n'), before: heads.length };
}

function at(width: number, words: string): string {
  return ' '.repeat(width) + words;
}

/** What a clause that comes first is a clause of. */
function headOf(words: string): readonly string[] {
  if (/^(?:elif|else)\b/.test(words)) return ['if 1: pass'];
  return /^(?:except|finally)\b/.test(words) ? ['try: pass'] : [];
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function tailOf(side: string, inked: readonly { readonly words: string; readonly width: number }[]): string[] {
  const open: string[] = [];
  for (const token of textLines(side, PYTHON).flat()) {
    const closing = CLOSING[token];
    if (closing !== undefined) open.push(closing);
    else if (token === open.at(-1)) open.pop();
  }
  const last = inked.at(-1);
  const ends = /:\s*(?:#[^]*)?$/.test(last?.words ?? '') && open.length === 0 ? [at((last?.width ?? 0) + 1, 'pass')] : [];
  const tries: number[] = [];
  for (const { words, width } of inked) {
    while ((tries.at(-1) ?? -1) >= width) tries.pop();
    if (/^try\s*:/.test(words)) tries.push(width);
  }
  return [
    ...(open.length > 0 ? [open.toReversed().join('')] : []),
    ...ends,
    ...tries.toReversed().map((width) => at(width, 'except: pass')),
  ];
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
