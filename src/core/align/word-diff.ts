/** What differs in two texts, by words: the longest common sequence of words, blanks and marks, over no more of them than is affordable. */
import { align, type AlignedList } from './align.ts';
import { makeSketches } from './sketch.ts';
import { NONE } from '../model/kinds.ts';

/** Words, blanks and marks of each text that are compared; what follows them counts as changed. */
export const MOST_PIECES = 3000;

export interface TextDiff {
  /** [text, 1 = not in the other one], in order; joined they are the text. */
  readonly left: readonly (readonly [text: string, isChanged: boolean])[];
  readonly right: readonly (readonly [text: string, isChanged: boolean])[];
  /** All pieces of both were compared. */
  readonly isWhole: boolean;
}

/** A run of letters and digits, a run of blanks, or any other single character. */
const PIECE = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;

export async function diffWords(left: string, right: string): Promise<TextDiff> {
  if (left === right) return { left: [[left, false]], right: [[right, false]], isWhole: true };
  const a = piecesOf(left);
  const b = piecesOf(right);
  const numbers = new Map<string, number>();
  const pairs = await align(listOf(a.pieces, numbers), listOf(b.pieces, numbers));
  const runs: { readonly left: [string, boolean][]; readonly right: [string, boolean][] } = { left: [], right: [] };
  for (let at = 0; at < pairs.left.length; at++) {
    const i = pairs.left[at];
    const j = pairs.right[at];
    if (i !== NONE) addTo(runs.left, a.pieces[i], j === NONE);
    if (j !== NONE) addTo(runs.right, b.pieces[j], i === NONE);
  }
  if (a.rest !== '') addTo(runs.left, a.rest, true);
  if (b.rest !== '') addTo(runs.right, b.rest, true);
  return { ...runs, isWhole: a.rest === '' && b.rest === '' };
}

function addTo(runs: [string, boolean][], text: string, isChanged: boolean): void {
  const last = runs.at(-1);
  if (last?.[1] === isChanged) last[0] += text;
  else runs.push([text, isChanged]);
}

function piecesOf(text: string): { readonly pieces: readonly string[]; readonly rest: string } {
  const pieces: string[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    if (pieces.length === MOST_PIECES) break;
    pieces.push(match[0]);
    end = match.index + match[0].length;
  }
  return { pieces, rest: text.slice(end) };
}

function listOf(pieces: readonly string[], numbers: Map<string, number>): AlignedList {
  const identity = Int32Array.from(pieces, (piece) => {
    let number = numbers.get(piece);
    if (number === undefined) numbers.set(piece, (number = numbers.size));
    return number;
  });
  return { length: pieces.length, identity, group: new Int32Array(pieces.length).fill(NONE), sketches: makeSketches(pieces.length) };
}
