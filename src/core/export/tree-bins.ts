/**
 * Divides a tree of samples into bins of at most so many tokens. A bin is closed under parents: what hangs from an ancestor that
 * stands in another bin brings that ancestor along once more, as context.
 */
import { NONE } from '../model/kinds.ts';
import type { SampleTree } from './sample-tree.ts';

export interface Bin {
  /** Ascending, every one with all its ancestors. */
  readonly segments: Int32Array;
  readonly tokens: number;
}

/** What it needs to know of a tree. */
type BinTree = Pick<SampleTree, 'length' | 'parent' | 'subtreeEnd' | 'depth' | 'tokenStart'>;

/** Bins that wait for more at a time. Past that the fullest is closed, so the time is linear in the pieces. */
const MOST_OPEN = 64;

interface OpenBin {
  /** Segments of pieces are not in it, but those above them are. */
  readonly above: Set<number>;
  readonly pieces: number[];
  tokens: number;
}

/**
 * Pieces are the largest subtrees that fit with what is above them. They are put, the largest first, into the first bin that has
 * room for what it lacks of them (first-fit decreasing); in their own order where that gives fewer tokens, or as many in fewer bins.
 * Every sample lies whole in the bin of its last piece. Samples may not be longer than `limit`.
 *
 * @param limit tokens of a bin. @param multiple the length of a bin is counted as the next multiple of this
 */
export function packTree(tree: BinTree, limit: number, multiple: number): Bin[] {
  const pieces = piecesOf(tree, limit);
  const size = (s: number): number => tree.depth[s] + tokensBelow(tree, s);
  const inOrder = fill(tree, pieces, limit);
  const decreasing = fill(
    tree,
    pieces.toSorted((a, b) => size(b) - size(a) || a - b),
    limit,
  );
  const cost = (bins: readonly OpenBin[]): number => bins.reduce((sum, { tokens }) => sum + paddedLength(tokens, multiple), 0);
  const [costInOrder, costDecreasing] = [cost(inOrder), cost(decreasing)];
  const isWorse = costDecreasing > costInOrder || (costDecreasing === costInOrder && decreasing.length > inOrder.length);
  const bins = (isWorse ? inOrder : decreasing).map(({ above, pieces, tokens }) => ({ segments: segmentsOf(tree, above, pieces), tokens }));
  return isWorse ? bins : bins.toSorted((a, b) => firstPiece(tree, a, limit) - firstPiece(tree, b, limit));
}

/** The next multiple. */
export function paddedLength(tokens: number, multiple: number): number {
  return Math.ceil(tokens / multiple) * multiple;
}

/** Tokens of a segment and all below it. */
function tokensBelow({ tokenStart, subtreeEnd }: BinTree, s: number): number {
  return tokenStart[subtreeEnd[s]] - tokenStart[s];
}

function isPiece(tree: BinTree, s: number, limit: number): boolean {
  return tree.depth[s] + tokensBelow(tree, s) <= limit;
}

/** The topmost segments of pieces, ascending. */
function piecesOf(tree: BinTree, limit: number): number[] {
  const pieces: number[] = [];
  for (let s = 0; s < tree.length;) {
    const fits = isPiece(tree, s, limit);
    if (fits) pieces.push(s);
    else if (tree.subtreeEnd[s] === s + 1) throw new Error(`a sample has more than ${limit} tokens`);
    s = fits ? tree.subtreeEnd[s] : s + 1;
  }
  return pieces;
}

function fill(tree: BinTree, pieces: readonly number[], limit: number): OpenBin[] {
  const bins: OpenBin[] = [];
  let open: OpenBin[] = [];
  for (const piece of pieces) {
    const own = tokensBelow(tree, piece);
    const found = open.find(({ above, tokens }) => tokens + own <= limit && tokens + own + missing(tree, piece, above) <= limit);
    const bin = found ?? { above: new Set<number>(), pieces: [], tokens: 0 };
    bin.tokens += own + missing(tree, piece, bin.above);
    bin.pieces.push(piece);
    for (let s = tree.parent[piece]; s !== NONE && !bin.above.has(s); s = tree.parent[s]) bin.above.add(s);
    if (found) continue;
    bins.push(bin);
    open.push(bin);
    if (open.length <= MOST_OPEN) continue;
    const fullest = open.reduce((most, each) => (each.tokens > most.tokens ? each : most));
    open = open.filter((each) => each !== fullest);
  }
  return bins;
}

/** Tokens above a piece that a bin does not have. */
function missing({ parent, tokenStart }: BinTree, piece: number, above: ReadonlySet<number>): number {
  let tokens = 0;
  for (let s = parent[piece]; s !== NONE && !above.has(s); s = parent[s]) tokens += tokenStart[s + 1] - tokenStart[s];
  return tokens;
}

function segmentsOf({ subtreeEnd }: BinTree, above: ReadonlySet<number>, pieces: readonly number[]): Int32Array {
  const segments = [...above];
  for (const piece of pieces) for (let s = piece; s < subtreeEnd[piece]; s++) segments.push(s);
  return Int32Array.from(segments).sort();
}

function firstPiece(tree: BinTree, { segments }: Bin, limit: number): number {
  return segments.find((s) => isPiece(tree, s, limit)) ?? NONE;
}
