/** Record trees with what a backward pass needs of them, from paths of a forest or from rows of tokens. */
import { sampleTree } from '../export/sample-tree.ts';
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { shapeOf, type RecordShape } from './record-shape.ts';

/** A token trains at the output of the token before it, so the gradient reaches that one and all before it. */
export interface RecordTree extends RecordShape {
  /** segment -> its first tokens that a loss depends on: in some record a later token trains */
  readonly back: Int32Array;
  /** record -> its first token that trains and that another one predicts; its tokens where there is none */
  readonly firstTrained: Int32Array;
  /** record -> its first tokens that its own loss depends on */
  readonly recordBack: Int32Array;
}

/** A record that is a path of the forest. */
export interface PathRecord {
  /** Its last node. */
  readonly end: number;
  /** Its first token that trains and that another one predicts, and its last that trains; NONE: none. */
  readonly first: number;
  readonly last: number;
}

/**
 * O(nodes of the task).
 * @param from, to the nodes of the task
 * @param trainedUpTo node -> tokens of it up to the last one that trains in some record; 0: none does
 */
export function treeOfPaths(
  forest: Forest,
  from: number,
  to: number,
  paths: readonly PathRecord[],
  trainedUpTo: (n: number) => number,
): RecordTree {
  const row = new Int32Array(to - from).fill(NONE);
  for (const { end } of paths) for (let n = end; n !== NONE && row[n - from] === NONE; n = forest.parent[n]) row[n - from] = 0;
  const nodes: number[] = [];
  for (let n = from; n < to; n++) if (row[n - from] !== NONE) row[n - from] = nodes.push(n) - 1;
  const lengthOf = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const tokenStart = new Int32Array(nodes.length + 1);
  nodes.forEach((n, s) => (tokenStart[s + 1] = tokenStart[s] + lengthOf(n)));
  const tokens = Int32Array.from(paths, ({ end }) => forest.depth[end] + lengthOf(end));
  const shape = shapeOf(
    Int32Array.from(nodes, (n) => (forest.parent[n] === NONE ? NONE : row[forest.parent[n] - from])),
    Int32Array.from(nodes, (n) => forest.depth[n]),
    tokenStart,
    { end: Int32Array.from(paths, ({ end }) => row[end - from]), tokens },
  );
  return {
    ...shape,
    back: backOf(shape, Int32Array.from(nodes, trainedUpTo)),
    firstTrained: Int32Array.from(paths, ({ first }, r) => (first === NONE ? tokens[r] : first)),
    recordBack: Int32Array.from(paths, ({ last }) => Math.max(0, last)),
  };
}

/** A record as its tokens, at least one. */
export interface RowRecord {
  readonly ids: Int32Array;
  /** token -> its loss weight, 0: none */
  readonly weight: Float64Array;
}

/** Of records that are no paths of a forest, as windows. O(tokens of all records). */
export function treeOfRows(rows: readonly RowRecord[]): RecordTree {
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  // Values that this tree has no use for.
  const [advantage, logprob] = [new Float64Array(longest), new Float32Array(longest)];
  const { parent, depth, tokenStart, end, weight } = sampleTree(
    rows.map((row) => ({
      ...row,
      advantage: advantage.subarray(0, row.ids.length),
      logprob: logprob.subarray(0, row.ids.length),
    })),
  );
  const shape = shapeOf(parent, depth, tokenStart, { end, tokens: Int32Array.from(rows, ({ ids }) => ids.length) });
  const trainedUpTo = Int32Array.from({ length: shape.length }, (_, s) => {
    let last = tokenStart[s + 1];
    while (last > tokenStart[s] && !(weight[last - 1] > 0)) last--;
    return last - tokenStart[s];
  });
  return {
    ...shape,
    back: backOf(shape, trainedUpTo),
    firstTrained: Int32Array.from(rows, (row) => {
      const first = row.weight.findIndex((value, i) => i > 0 && value > 0);
      return first < 0 ? row.ids.length : first;
    }),
    recordBack: Int32Array.from(rows, (row) =>
      Math.max(
        0,
        row.weight.findLastIndex((value) => value > 0),
      ),
    ),
  };
}

function backOf({ length, parent, tokenStart }: RecordShape, trainedUpTo: Int32Array): Int32Array {
  const back = new Int32Array(length);
  /** segment -> 1: something below it trains */
  const below = new Uint8Array(length);
  for (let s = length - 1; s >= 0; s--) {
    back[s] = below[s] === 1 ? tokenStart[s + 1] - tokenStart[s] : Math.max(0, trainedUpTo[s] - 1);
    if (parent[s] !== NONE && (below[s] === 1 || trainedUpTo[s] > 0)) below[parent[s]] = 1;
  }
  return back;
}
