/** Where segments and events end in the forest, seen from nodes: what pairs, local context and event counts rest on. */

import { FLAG, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';

export interface NodeShape {
  /** node -> number of children */
  readonly childCount: Int32Array;
  /** node -> the child that most trajectories take (ties: the first), or NONE */
  readonly mainChild: Int32Array;
}

/** Child counts and most-reached children, in one backward pass. */
export function nodeShape(forest: Forest): NodeShape {
  const childCount = new Int32Array(forest.length);
  const mainChild = new Int32Array(forest.length).fill(NONE);
  for (let n = forest.length - 1; n >= 0; n--) {
    const p = forest.parent[n];
    if (p === NONE) continue;
    childCount[p]++;
    const best = mainChild[p];
    // Siblings come last to first here, so ≥ lets the first of equals win.
    if (best === NONE || forest.reachCount[n] >= forest.reachCount[best]) mainChild[p] = n;
  }
  return { childCount, mainChild };
}

/** A kept path may end at `n`. Nothing can follow a leaf, so a leaf is closed whatever its flag says. */
export function isClosed(forest: Forest, n: number): boolean {
  return (forest.flags[n] & FLAG.open) === 0 || forest.subtreeEnd[n] === n + 1;
}

/**
 * Whether `child` goes on with the segment that its parent began. A node that ends inside a segment does so because
 * trajectories part there: it is open, has several children, and they carry its kind and tool.
 */
export function continuesSegment(forest: Forest, shape: NodeShape, child: number): boolean {
  const p = forest.parent[child];
  return (
    p !== NONE &&
    shape.childCount[p] > 1 &&
    (forest.flags[p] & FLAG.open) !== 0 &&
    forest.kind[p] === forest.kind[child] &&
    forest.tool[p] === forest.tool[child]
  );
}

/** node -> 1 where its segment is complete: it is a leaf, or some child begins another segment. */
export function segmentEnds(forest: Forest, shape: NodeShape): Uint8Array {
  const ends = new Uint8Array(forest.length);
  for (let n = forest.length - 1; n >= 0; n--) {
    if (shape.childCount[n] === 0) ends[n] = 1;
    const p = forest.parent[n];
    if (p !== NONE && ends[p] === 0 && !continuesSegment(forest, shape, n)) ends[p] = 1;
  }
  return ends;
}
