/** How much the trajectories of a task share: token counts flat and distinct, and the ratios people quote. */
import type { Forest } from '../model/forest.ts';

export interface Sharing {
  readonly trajectories: number;
  readonly nodes: number;
  /** N_flat: tokens when every trajectory is written out. */
  readonly flat: number;
  /** N_tree: distinct tokens, each shared prefix once. */
  readonly distinct: number;
  /** Sampled tokens, counted in every trajectory that sampled them / once each. */
  readonly sampledFlat: number;
  readonly sampledDistinct: number;
  /** Flat sampled tokens that at least two trajectories share: 0 means that only prompts and tool results are shared. */
  readonly sampledShared: number;
  /** Trajectories equal, token by token, to an earlier one of their task. */
  readonly duplicates: number;
}

/** One task's tree. */
export function measureTask(forest: Forest, task: number): Sharing {
  return measure(forest, task, task + 1);
}

/** All tasks together. */
export function measureForest(forest: Forest): Sharing {
  return measure(forest, 0, forest.treeStart.length - 1);
}

/** POR = 1 − N_tree / N_flat, the share of tokens that merging saves (Tree Training, arXiv 2511.00413); 0 without tokens. */
export function por(sharing: Sharing): number {
  return sharing.flat === 0 ? 0 : 1 - sharing.distinct / sharing.flat;
}

function measure(forest: Forest, fromTask: number, toTask: number): Sharing {
  const from = forest.treeStart[fromTask];
  const end = forest.treeStart[toTask];
  let flat = 0;
  let sampledFlat = 0;
  let sampledDistinct = 0;
  let sampledShared = 0;
  let endingNodes = 0;
  for (let n = from; n < end; n++) {
    const tokens = forest.edgeStart[n + 1] - forest.edgeStart[n];
    const reach = forest.reachCount[n];
    const sampled = forest.sampledCount[n];
    flat += reach * tokens;
    sampledFlat += sampled * tokens;
    if (sampled > 0) sampledDistinct += tokens;
    if (reach > 1) sampledShared += sampled * tokens;
    // Trajectories that end here come first among those through n, before the first child's.
    const isLeaf = forest.subtreeEnd[n] === n + 1;
    if (isLeaf || forest.reachStart[n + 1] > forest.reachStart[n]) endingNodes++;
  }
  const trajectories = forest.trajectoryStart[toTask] - forest.trajectoryStart[fromTask];
  return {
    trajectories,
    nodes: end - from,
    flat,
    distinct: forest.edgeStart[end] - forest.edgeStart[from],
    sampledFlat,
    sampledDistinct,
    sampledShared,
    duplicates: trajectories - endingNodes,
  };
}
