/** Where a kept path may end, and where segments go on, seen from nodes: what pairs and local context rest on. */

import { FLAG, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';

export interface NodeShape {
  /** node -> number of children */
  readonly childCount: Int32Array;
  /** node -> the child that most trajectories take (ties: the first), or NONE */
  readonly mainChild: Int32Array;
}

/** Child counts and most-reached children among what acts left, in one backward pass. */
export function nodeShape(forest: Forest): NodeShape {
  const childCount = new Int32Array(forest.length);
  const mainChild = new Int32Array(forest.length).fill(NONE);
  for (let n = forest.length - 1; n >= 0; n--) {
    const p = forest.parent[n];
    if (p === NONE || forest.excluded?.[n] === 1) continue;
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

/** Whether `child` goes on with the segment that its parent began: one of its kind is in the parent and not complete there. */
export function continuesSegment(forest: Forest, child: number): boolean {
  const p = forest.parent[child];
  return p !== NONE && (forest.kinds[p] & ~forest.endings[p] & (1 << forest.kind[child])) !== 0;
}
