/**
 * Which trajectories sampled a node. A node lies in one segment of every trajectory through it, so its first position
 * decides; per-call logs replay earlier answers as prompt, hence trajectories through one node need not agree.
 */
import { push, type Growable } from '../../base/growable.ts';
import type { TrajectoryBatch } from '../model/batch.ts';
import type { Forest, TrajectoryTable } from '../model/forest.ts';
import { FLAG } from '../model/kinds.ts';

/** Appends the sampled runs of trajectory `t`: pairs [from, to) of positions in it, neighbouring sampled segments as one. */
export function pushSampledRuns(runs: Growable<Int32Array<ArrayBuffer>>, batch: TrajectoryBatch, t: number): void {
  const { segmentStart, segmentFlags } = batch;
  const start = batch.trajectoryStart[t];
  const segmentEnd = batch.trajectorySegment[t + 1];
  const first = runs.length;
  for (let s = batch.trajectorySegment[t]; s < segmentEnd; s++) {
    if ((segmentFlags[s] & FLAG.sampled) === 0) continue;
    const from = segmentStart[s] - start;
    const to = (s + 1 < segmentEnd ? segmentStart[s + 1] : batch.trajectoryStart[t + 1]) - start;
    if (to === from) continue;
    if (runs.length > first && runs.data[runs.length - 1] === from) runs.data[runs.length - 1] = to;
    else {
      push(runs, from);
      push(runs, to);
    }
  }
}

/** Whether trajectory `t` sampled its token at `position`. O(log runs). */
export function sampledAt({ sampledStart, sampledRuns }: TrajectoryTable, t: number, position: number): boolean {
  // Runs ascend and do not touch: inside one where the number of their bounds up to here is odd.
  const first = sampledStart[t];
  let low = first;
  let high = sampledStart[t + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sampledRuns[middle] <= position) low = middle + 1;
    else high = middle;
  }
  return ((low - first) & 1) === 1;
}

/** Whether trajectory `t`, which passes node `n`, sampled it. */
export function hasSampled(forest: Forest, t: number, n: number): boolean {
  const count = forest.sampledCount[n];
  return count === forest.reachCount[n] || (count > 0 && sampledAt(forest.trajectories, t, forest.depth[n]));
}

/** Some trajectories through `n` sampled it and some did not. */
export function isDisputed(forest: Forest, n: number): boolean {
  return forest.sampledCount[n] > 0 && forest.sampledCount[n] < forest.reachCount[n];
}
