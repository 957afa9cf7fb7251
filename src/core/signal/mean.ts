/** Means of what trajectories have, over those of a node. Sums round once: no order of trajectories is in them. */
import type { Forest } from '../model/forest.ts';
import { trajectoriesThrough } from '../tree/navigate.ts';
import { hasSampled, isDisputed } from '../tree/sampled.ts';
import { addExactly, makeRunningSums, roundedSum, type SumParts } from './exact-sum.ts';

/**
 * What a trajectory counts that has no value, next to others that have one: nothing, or 0, so that it is among those that the sum
 * is divided by.
 */
export type Unknown = 'left out' | 'zero';

/** node -> mean of `values` over the trajectories through it that have one, NaN where none has. O(nodes + trajectories). */
export function meanThrough(forest: Forest, values: Float64Array, unknown: Unknown = 'left out'): Float64Array<ArrayBuffer> {
  const order = forest.trajectoryOrder;
  const count = new Int32Array(order.length + 1);
  const mean = new Float64Array(forest.length);
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    const first = forest.trajectoryStart[task];
    const sums = makeRunningSums();
    count[first] = 0;
    for (let i = first; i < forest.trajectoryStart[task + 1]; i++) {
      const value = values[order[i]];
      const isKnown = !Number.isNaN(value);
      sums.push(isKnown ? value : 0);
      count[i + 1] = count[i] + (isKnown ? 1 : 0);
    }
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const from = forest.reachStart[n];
      const to = from + forest.reachCount[n];
      const having = count[to] - count[from];
      mean[n] = having === 0 ? Number.NaN : sums.between(from - first, to - first) / (unknown === 'zero' ? to - from : having);
    }
  }
  return mean;
}

/**
 * The same over the trajectories that sampled the node; over all through it where nobody did. O(nodes + trajectories),
 * and where trajectories disagree, those through the node.
 */
export function meanSampled(forest: Forest, values: Float64Array, unknown: Unknown = 'left out'): Float64Array<ArrayBuffer> {
  const mean = meanThrough(forest, values, unknown);
  for (let n = 0; n < forest.length; n++) {
    if (!isDisputed(forest, n)) continue;
    const sum: SumParts = [];
    let known = 0;
    for (const t of trajectoriesThrough(forest, n)) {
      if (Number.isNaN(values[t]) || !hasSampled(forest, t, n)) continue;
      addExactly(sum, values[t]);
      known++;
    }
    mean[n] = known === 0 ? Number.NaN : roundedSum(sum) / (unknown === 'zero' ? forest.sampledCount[n] : known);
  }
  return mean;
}
