/** Means of what trajectories have, over those of a node. */
import type { Forest } from '../model/forest.ts';
import { trajectoriesThrough } from '../tree/navigate.ts';
import { hasSampled, isDisputed } from '../tree/sampled.ts';

/** node -> mean of `values` over the trajectories through it that have one, NaN where none has. O(nodes + trajectories). */
export function meanThrough(forest: Forest, values: Float64Array): Float64Array<ArrayBuffer> {
  const order = forest.trajectoryOrder;
  const sum = new Float64Array(order.length + 1);
  const count = new Int32Array(order.length + 1);
  const mean = new Float64Array(forest.length);
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    // Sums begin anew with each task: the others decide no rounding of its own.
    const first = forest.trajectoryStart[task];
    let total = 0;
    let known = 0;
    for (let i = first; i < forest.trajectoryStart[task + 1]; i++) {
      const value = values[order[i]];
      if (!Number.isNaN(value)) {
        total += value;
        known++;
      }
      sum[i + 1] = total;
      count[i + 1] = known;
    }
    const upTo = (column: Float64Array | Int32Array, i: number): number => (i === first ? 0 : column[i]);
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const from = forest.reachStart[n];
      const to = from + forest.reachCount[n];
      const having = upTo(count, to) - upTo(count, from);
      mean[n] = having === 0 ? Number.NaN : (upTo(sum, to) - upTo(sum, from)) / having;
    }
  }
  return mean;
}

/**
 * The same over the trajectories that sampled the node; over all through it where nobody did. O(nodes + trajectories),
 * and where trajectories disagree, those through the node.
 */
export function meanSampled(forest: Forest, values: Float64Array): Float64Array<ArrayBuffer> {
  const mean = meanThrough(forest, values);
  for (let n = 0; n < forest.length; n++) {
    if (!isDisputed(forest, n)) continue;
    let sum = 0;
    let known = 0;
    for (const t of trajectoriesThrough(forest, n)) {
      if (Number.isNaN(values[t]) || !hasSampled(forest, t, n)) continue;
      sum += values[t];
      known++;
    }
    mean[n] = known === 0 ? Number.NaN : sum / known;
  }
  return mean;
}
