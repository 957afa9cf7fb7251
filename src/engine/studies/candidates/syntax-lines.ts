/**
 * Leaves of the tree of syntax of one side of a hunk, line by line, without white space and comments [ours]. A hunk is a piece of a file:
 * errors at its ends are borne, but where more than a quarter of it lies in errors, or leaves do not cover it, the text says more.
 */
import type { Cursor, Parser, Tree } from 'web-tree-sitter';
import { framed } from './framed.ts';
import type { SyntaxRead } from './grammars.ts';

/** UTF-16 units of a side that are parsed. */
const LONGEST = 128 << 10;
/** Looks of the parser at whether to go on; beyond them a text takes too long, and always the same does. */
const MOST_LOOKS = 50_000;
const MOST_WRONG = 0.25;

/** Nodes whose text counts as one leaf, blanks included: what stands in them is no syntax of the language. */
const WHOLE = new Set([
  'string_content',
  'string_fragment',
  'multiline_string_fragment',
  'string_literal',
  'interpreted_string_literal',
  'raw_string_literal',
  'character_literal',
  'rune_literal',
  'escape_sequence',
  'regex',
  'jsx_text',
]);

/** Where a block begins and ends, in languages that say it by white space alone. */
const [OPENS, CLOSES] = ['\u27e6', '\u27e7'];

/** @param byIndent blocks are marked by how far lines are in */
export function syntaxLines(parser: Parser, side: string, byIndent: boolean): SyntaxRead {
  if (side.length > LONGEST) return { ok: false, why: `a hunk of more than ${LONGEST} characters` };
  const { text, before } = byIndent ? framed(side) : { text: side, before: 0 };
  let looks = 0;
  const tree = parser.parse(text, null, { progressCallback: () => ++looks > MOST_LOOKS });
  if (tree === null) return { ok: false, why: 'the parser does not come to an end' };
  try {
    return readTree(tree, text, { before, count: side.split('\n').length }, byIndent);
  } finally {
    tree.delete();
  }
}

/** @param own which lines of the text are those of the side */
function readTree(
  tree: Tree,
  text: string,
  { before, count }: { readonly before: number; readonly count: number },
  byIndent: boolean,
): SyntaxRead {
  const lines: string[][] = text.split('\n').map(() => []);
  const found = { covered: 0, wrong: 0, lastRow: 0 };
  // Of open nodes: whether an error, and whether a block.
  const open: { readonly inError: boolean; readonly isBlock: boolean }[] = [];
  const cursor = tree.walk();
  let blocks = 0;
  const enter = (): boolean => {
    const type = cursor.nodeType;
    const inError = open.at(-1)?.inError === true || type === 'ERROR';
    if (/comment/.test(type)) {
      found.covered += inked(cursor.nodeText);
      return false;
    }
    const isBlock = byIndent && type === 'block';
    if (isBlock) blocks++;
    if (!WHOLE.has(type) && cursor.gotoFirstChild()) {
      open.push({ inError, isBlock });
      return true;
    }
    if (isBlock) blocks--;
    takeLeaf(cursor, inError);
    return false;
  };
  const takeLeaf = ({ nodeText, startPosition: { row }, nodeIsMissing }: Cursor, inError: boolean): void => {
    if (nodeIsMissing || nodeText === '') return;
    const ink = inked(nodeText);
    found.covered += ink;
    if (inError) found.wrong += ink;
    for (const [i, piece] of nodeText.split('\n').entries()) {
      const line = lines[row + i];
      if (line === undefined || piece === '') continue;
      for (; blocks > 0; blocks--) line.push(OPENS);
      line.push(piece);
      found.lastRow = row + i;
    }
  };
  let goesOn = true;
  while (goesOn) {
    if (enter()) continue;
    while (!cursor.gotoNextSibling()) {
      goesOn = cursor.gotoParent();
      if (!goesOn) break;
      if (open.pop()?.isBlock === true) lines[found.lastRow]?.push(CLOSES);
    }
  }
  cursor.delete();
  const ink = inked(text);
  if (found.covered !== ink) return { ok: false, why: 'its leaves do not cover its text' };
  const share = ink === 0 ? 0 : found.wrong / ink;
  if (share > MOST_WRONG) return { ok: false, why: `errors of syntax in ${Math.round(share * 100)} % of a hunk` };
  return { ok: true, lines: lines.slice(before, before + count) };
}

/** Characters that are no white space. */
function inked(text: string): number {
  return text.replace(/\s+/g, '').length;
}
