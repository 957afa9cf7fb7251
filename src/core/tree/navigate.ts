/** Moving about in a frozen forest: the task of a node, paths, forks and the trajectories through a node. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';

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

/** The roots of a task: one per distinct first token. */
export function rootsOf(forest: Forest, task: number): number[] {
  const nodes: number[] = [];
  for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n = forest.subtreeEnd[n]) nodes.push(n);
  return nodes;
}

/** The nodes from a root down to `n`, both included. */
export function pathTo(forest: Forest, n: number): Int32Array {
  const path: number[] = [];
  for (let node = n; node !== NONE; node = forest.parent[node]) path.push(node);
  return Int32Array.from(path.toReversed());
}

/** The trajectories through `n`, a view. */
export function trajectoriesThrough(forest: Forest, n: number): Int32Array {
  return forest.trajectoryOrder.subarray(forest.reachStart[n], forest.reachStart[n] + forest.reachCount[n]);
}

/** Two or more children. */
export function isFork(forest: Forest, n: number): boolean {
  return forest.subtreeEnd[n] > n + 1 && forest.subtreeEnd[n + 1] < forest.subtreeEnd[n];
}
