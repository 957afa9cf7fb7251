/** The records of a task as one tree: which tokens several of them share. A record is a row of tokens that a trainer is given. */
import { NONE } from '../model/kinds.ts';

/**
 * Segments in depth-first pre-order, each a run of tokens that the same records share; a record is a run of whole segments from a
 * root on.
 */
export interface RecordShape {
  readonly length: number;
  /** segment -> segment | NONE */
  readonly parent: Int32Array;
  /** segment -> segment, exclusive */
  readonly subtreeEnd: Int32Array;
  /** segment -> tokens above it */
  readonly depth: Int32Array;
  /** length + 1 offsets */
  readonly tokenStart: Int32Array;
  /** segment -> records through it */
  readonly reach: Int32Array;
  /** record -> its last segment */
  readonly end: Int32Array;
  /** record -> its tokens */
  readonly tokens: Int32Array;
}

/** @param end, tokens of the records */
export function shapeOf(
  parent: Int32Array,
  depth: Int32Array,
  tokenStart: Int32Array,
  { end, tokens }: Pick<RecordShape, 'end' | 'tokens'>,
): RecordShape {
  const { length } = parent;
  const reach = new Int32Array(length);
  for (const s of end) reach[s]++;
  const subtreeEnd = Int32Array.from({ length }, (_, s) => s + 1);
  for (let s = length - 1; s >= 0; s--) {
    const p = parent[s];
    if (p === NONE) continue;
    reach[p] += reach[s];
    subtreeEnd[p] = Math.max(subtreeEnd[p], subtreeEnd[s]);
  }
  return { length, parent, subtreeEnd, depth, tokenStart, reach, end, tokens };
}

/** Several trees as one forest, record after record. */
export function joinShapes(trees: readonly RecordShape[]): RecordShape {
  const sum = (of: (tree: RecordShape) => number): number => trees.reduce((total, tree) => total + of(tree), 0);
  const length = sum((tree) => tree.length);
  const records = sum(({ end }) => end.length);
  const parent = new Int32Array(length);
  const depth = new Int32Array(length);
  const tokenStart = new Int32Array(length + 1);
  const end = new Int32Array(records);
  const tokens = new Int32Array(records);
  let [segment, token, record] = [0, 0, 0];
  for (const tree of trees) {
    for (let s = 0; s < tree.length; s++) {
      parent[segment + s] = tree.parent[s] === NONE ? NONE : tree.parent[s] + segment;
      tokenStart[segment + s + 1] = tree.tokenStart[s + 1] + token;
    }
    for (let r = 0; r < tree.end.length; r++) end[record + r] = tree.end[r] + segment;
    depth.set(tree.depth, segment);
    tokens.set(tree.tokens, record);
    segment += tree.length;
    token += tree.tokenStart[tree.length];
    record += tree.end.length;
  }
  return shapeOf(parent, depth, tokenStart, { end, tokens });
}

/** The same without records of more than `most` tokens, and without what only they have. */
export function fittingPart(tree: RecordShape, most: number): RecordShape {
  if (tree.tokens.every((tokens) => tokens <= most)) return tree;
  const fitting = Array.from(tree.tokens.keys()).filter((r) => tree.tokens[r] <= most);
  const row = new Int32Array(tree.length).fill(NONE);
  for (const r of fitting) for (let s = tree.end[r]; s !== NONE && row[s] === NONE; s = tree.parent[s]) row[s] = 0;
  const segments = Array.from(row.keys()).filter((s) => row[s] !== NONE);
  segments.forEach((s, at) => (row[s] = at));
  const tokenStart = new Int32Array(segments.length + 1);
  segments.forEach((s, at) => (tokenStart[at + 1] = tokenStart[at] + tree.tokenStart[s + 1] - tree.tokenStart[s]));
  return shapeOf(
    Int32Array.from(segments, (s) => (tree.parent[s] === NONE ? NONE : row[tree.parent[s]])),
    Int32Array.from(segments, (s) => tree.depth[s]),
    tokenStart,
    { end: Int32Array.from(fitting, (r) => row[tree.end[r]]), tokens: Int32Array.from(fitting, (r) => tree.tokens[r]) },
  );
}
