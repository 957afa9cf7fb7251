/** Long-term entropy: what is left to decide from a node on, over everything that may follow [ours]. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { rootsOf, trajectoryCount } from '../tree/navigate.ts';

/**
 * LTE(n) = h(n) + γ · Σ over children c of (g(c)/g(n)) · LTE(c), in nats. With γ = 1 and summed entropy, Σ over a
 * task's roots of (g/K)·LTE is the mean entropy that its trajectories sampled, and r·LTE never rises down a path.
 * @param h node -> q·h, from `sampledEntropy`
 */
export function longTerm(forest: Forest, h: Float64Array, gamma: number): Float64Array<ArrayBuffer> {
  const lte = Float64Array.from(h);
  // Children come after their parents: one backward loop.
  for (let n = forest.length - 1; n >= 0; n--) {
    const parent = forest.parent[n];
    if (parent !== NONE && forest.reachCount[n] > 0) lte[parent] += gamma * (forest.reachCount[n] / forest.reachCount[parent]) * lte[n];
  }
  return lte;
}

/** task -> Σ over its roots of (g/K)·LTE, nats per trajectory */
export function taskLongTerm(forest: Forest, lte: Float64Array): Float64Array<ArrayBuffer> {
  const tasks = forest.treeStart.length - 1;
  const total = new Float64Array(tasks);
  for (let task = 0; task < tasks; task++) {
    const k = trajectoryCount(forest, task);
    if (k > 0) for (const root of rootsOf(forest, task)) total[task] += (forest.reachCount[root] / k) * lte[root];
  }
  return total;
}
