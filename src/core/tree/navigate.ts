/** Moving about in a frozen forest: neighbours, paths, forks, and where a token of a trajectory lies. */
import { NONE } from '../model.ts';
import type { Forest } from '../model.ts';

/** The task whose tree holds node `n`. */
export function taskOf(forest: Forest, n: number): number {
  const { treeStart } = forest;
  let low = 0;
  let high = treeStart.length - 1;
  // treeStart[low] <= n < treeStart[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (treeStart[middle] <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** K: the number of trajectories of a task. */
export function trajectoryCount(forest: Forest, task: number): number {
  return forest.trajectoryStart[task + 1] - forest.trajectoryStart[task];
}

/** The child with the lowest first key, or NONE at a leaf. */
export function firstChild(forest: Forest, n: number): number {
  return forest.subtreeEnd[n] > n + 1 ? n + 1 : NONE;
}

/** The sibling with the next higher first key, or NONE; roots of one task are siblings. */
export function nextSibling(forest: Forest, n: number): number {
  const parent = forest.parent[n];
  const end = parent === NONE ? forest.treeStart[taskOf(forest, n) + 1] : forest.subtreeEnd[parent];
  return forest.subtreeEnd[n] < end ? forest.subtreeEnd[n] : NONE;
}

/** All children, by first key. */
export function childrenOf(forest: Forest, n: number): number[] {
  return forestBetween(forest, n + 1, forest.subtreeEnd[n]);
}

/** The roots of a task: one per distinct first token. */
export function rootsOf(forest: Forest, task: number): number[] {
  return forestBetween(forest, forest.treeStart[task], forest.treeStart[task + 1]);
}

function forestBetween(forest: Forest, from: number, end: number): number[] {
  const nodes: number[] = [];
  for (let n = from; n < end; n = forest.subtreeEnd[n]) nodes.push(n);
  return nodes;
}

/** `n` is `ancestor` or lies below it. */
export function isUnder(forest: Forest, n: number, ancestor: number): boolean {
  return n >= ancestor && n < forest.subtreeEnd[ancestor];
}

/** The nodes from a root down to `n`, both included. */
export function pathTo(forest: Forest, n: number): Int32Array {
  const path: number[] = [];
  for (let node = n; node !== NONE; node = forest.parent[node]) path.push(node);
  return Int32Array.from(path.toReversed());
}

/** All keys from the root to the end of `n`'s run: depth + run of them. */
export function pathTokens(forest: Forest, n: number): Int32Array {
  const tokens = new Int32Array(forest.depth[n] + forest.edgeStart[n + 1] - forest.edgeStart[n]);
  for (let node = n; node !== NONE; node = forest.parent[node]) {
    tokens.set(forest.edgeTokens.subarray(forest.edgeStart[node], forest.edgeStart[node + 1]), forest.depth[node]);
  }
  return tokens;
}

/** The trajectories through `n`, a view. */
export function trajectoriesThrough(forest: Forest, n: number): Int32Array {
  return forest.trajectoryOrder.subarray(forest.reachStart[n], forest.reachStart[n] + forest.reachCount[n]);
}

/** The node that holds the token at `position` (0-based) of a trajectory, or NONE outside it. */
export function nodeAt(forest: Forest, trajectory: number, position: number): number {
  if (position < 0 || position >= forest.trajectories.tokenCount[trajectory]) return NONE;
  let n = forest.trajectories.leaf[trajectory];
  while (forest.depth[n] > position) n = forest.parent[n];
  return n;
}

/** Two or more children. */
export function isFork(forest: Forest, n: number): boolean {
  return forest.subtreeEnd[n] > n + 1 && forest.subtreeEnd[n + 1] < forest.subtreeEnd[n];
}

/** The next fork of the same task after `n` in depth-first order, or NONE. */
export function nextFork(forest: Forest, n: number): number {
  const end = forest.treeStart[taskOf(forest, n) + 1];
  for (let node = n + 1; node < end; node++) if (isFork(forest, node)) return node;
  return NONE;
}

/** The fork of the same task before `n` in depth-first order, or NONE. */
export function previousFork(forest: Forest, n: number): number {
  const start = forest.treeStart[taskOf(forest, n)];
  for (let node = n - 1; node >= start; node--) if (isFork(forest, node)) return node;
  return NONE;
}

/** node -> nodes above it */
export function levels(forest: Forest): Int32Array<ArrayBuffer> {
  const level = new Int32Array(forest.length);
  for (let n = 0; n < forest.length; n++) level[n] = forest.parent[n] === NONE ? 0 : level[forest.parent[n]] + 1;
  return level;
}

/** The first key of every node on the path to `n`: names it within its task where node numbers change on reload. */
export function firstKeys(forest: Forest, n: number): number[] {
  return Array.from(pathTo(forest, n), (node) => forest.edgeTokens[forest.edgeStart[node]]);
}

/** The node that `firstKeys` named, or NONE where this forest has no such path. */
export function findByFirstKeys(forest: Forest, task: number, keys: readonly number[]): number {
  let found: number = NONE;
  let from = forest.treeStart[task];
  let end = forest.treeStart[task + 1];
  for (const key of keys) {
    let n = from;
    while (n < end && forest.edgeTokens[forest.edgeStart[n]] !== key) n = forest.subtreeEnd[n];
    if (n >= end) return NONE;
    found = n;
    from = n + 1;
    end = forest.subtreeEnd[n];
  }
  return found;
}
