/**
 * Sketches of runs of tokens, whatever nodes a forest cuts them into: in a file, whose forest may be opened with other
 * segments, and when a log has grown.
 */
import { NONE } from '../model/kinds.ts';
import { addSketch, packSketch, type PackedSketches, type Sketches, type SketchRows, type SketchSource } from './store.ts';

/** Sketches of whole runs of edge tokens: row -> [of, end). */
export interface RunRows extends SketchRows {
  readonly end: Int32Array<ArrayBuffer>;
}

export interface RunSketches extends SketchSource {
  readonly dim: number;
  readonly tokens: SketchRows;
  /** By their first token, ascending. */
  readonly runs: RunRows;
}

export function toRuns({ nodes, ...rest }: Sketches, edgeStart: Int32Array): RunSketches {
  return { ...rest, runs: { ...nodes, of: nodes.of.map((n) => edgeStart[n]), end: nodes.of.map((n) => edgeStart[n + 1]) } };
}

interface Tree {
  readonly length: number;
  readonly edgeStart: Int32Array;
  readonly edgeTokens: Int32Array;
  readonly sampledCount: Int32Array;
}

/**
 * The sketches on the nodes of a forest. A node gets that of the run which it is, or the sum over its tokens where a sketch
 * of each is there. Rows that point at no token are left out; null where none is left.
 * @param move edge token that a row names -> edge token of the forest, or NONE
 */
export function fitSketches({ tokens, runs, ...rest }: RunSketches, forest: Tree, move = (at: number): number => at): Sketches | null {
  const { length } = forest.edgeTokens;
  const place = (at: number): number => {
    const to = at < 0 ? NONE : move(at);
    return to >= 0 && to < length ? to : NONE;
  };
  const tokenRow = new Int32Array(length).fill(NONE);
  const runRow = new Int32Array(length).fill(NONE);
  for (let row = 0; row < tokens.of.length; row++) {
    const to = place(tokens.of[row]);
    if (to !== NONE) tokenRow[to] = row;
  }
  for (let row = 0; row < runs.of.length; row++) {
    const [first, last] = [place(runs.of[row]), place(runs.end[row] - 1)];
    if (first !== NONE && last - first === runs.end[row] - 1 - runs.of[row]) runRow[first] = row;
  }
  const kept = Int32Array.from(tokenRow.keys()).filter((at) => tokenRow[at] !== NONE);
  const { dim } = rest;
  const fitted = { ...rest, tokens: picked(tokens, dim, kept, tokenRow), nodes: nodeRows(dim, forest, { tokens, tokenRow, runs, runRow }) };
  return fitted.tokens.of.length + fitted.nodes.of.length === 0 ? null : fitted;
}

/** Rows of the items `kept`, row rowOf[item] each. */
function picked({ scale, values, share }: SketchRows, dim: number, kept: Int32Array<ArrayBuffer>, rowOf: Int32Array): SketchRows {
  const picks = { of: kept, scale: new Float32Array(kept.length), values: new Uint16Array(kept.length * dim), share };
  kept.forEach((item, at) => copyRow({ scale, values }, rowOf[item], dim, picks, at));
  return picks;
}

function copyRow(from: PackedSketches, row: number, dim: number, to: PackedSketches, at: number): void {
  to.scale[at] = from.scale[row];
  to.values.set(from.values.subarray(row * dim, (row + 1) * dim), at * dim);
}

interface Found {
  readonly tokens: SketchRows;
  /** edge token -> row | NONE */
  readonly tokenRow: Int32Array;
  readonly runs: RunRows;
  /** first edge token of a run -> row | NONE */
  readonly runRow: Int32Array;
}

function nodeRows(dim: number, forest: Tree, { tokens, tokenRow, runs, runRow }: Found): SketchRows {
  const { edgeStart } = forest;
  const isRun = (n: number): boolean => {
    const row = runRow[edgeStart[n]] ?? NONE;
    return row !== NONE && runs.end[row] - runs.of[row] === edgeStart[n + 1] - edgeStart[n];
  };
  const known: number[] = [];
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0 || edgeStart[n] === edgeStart[n + 1]) continue;
    if (isRun(n) || !tokenRow.subarray(edgeStart[n], edgeStart[n + 1]).includes(NONE)) known.push(n);
  }
  const nodes = { of: Int32Array.from(known), scale: new Float32Array(known.length), values: new Uint16Array(known.length * dim) };
  const sum = new Float32Array(dim);
  known.forEach((n, at) => {
    if (isRun(n)) {
      copyRow(runs, runRow[edgeStart[n]], dim, nodes, at);
      return;
    }
    sum.fill(0);
    for (let i = edgeStart[n]; i < edgeStart[n + 1]; i++) addSketch(tokens, tokenRow[i], 1, sum);
    nodes.scale[at] = packSketch(sum, nodes.values, at);
  });
  return { ...nodes, share: runs.share };
}
