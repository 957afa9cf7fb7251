/** Reach of every node in three ways: counted on tokens, counted on actions, from the policy's own probabilities. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import type { Frozen } from '../tree/freeze.ts';
import { trajectoryCount } from '../tree/navigate.ts';

/** r(n) = g(n)/K of its task. */
export function tokenReach(forest: Forest): Float64Array<ArrayBuffer> {
  const reach = new Float64Array(forest.length);
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    const k = Math.max(1, trajectoryCount(forest, task));
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) reach[n] = forest.reachCount[n] / k;
  }
  return reach;
}

/**
 * Reach by actions [ours]: the mean, over the trajectories through n, of the reach that the trajectory's actions
 * completed by the end of n have in the action tree: the share of the task's trajectories that did the same things so
 * far, in whatever words. 1 before the first action is complete.
 *
 * `actions` is the frozen action forest of the same batches. Time: the nodes on all trajectories' paths.
 */
export function actionReach(forest: Forest, actions: Frozen): Float64Array<ArrayBuffer> {
  const { actionStart, actionEnd } = actions;
  const trajectories = forest.trajectories.length;
  if (trajectories === 0) return new Float64Array(forest.length);
  if (actionStart === null || actionEnd === null || actions.forest.trajectories.length !== trajectories) {
    throw new Error(`action forest: expected one of the same ${trajectories} trajectories, found ${actions.forest.trajectories.length}`);
  }
  const perAction = tokenReach(actions.forest);
  const reach = new Float64Array(forest.length);
  // In an order that no order of inputs changes, as sums are rounded.
  for (const t of forest.trajectoryOrder) {
    let done = actionStart[t + 1] - actionStart[t];
    let action = actions.forest.trajectories.leaf[t];
    for (let n = forest.trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
      const end = forest.depth[n] + forest.edgeStart[n + 1] - forest.edgeStart[n];
      while (done > 0 && actionEnd[actionStart[t] + done - 1] > end) done--;
      // Up to the action node that holds the last completed action, whose place on the path is done − 1.
      if (done > 0) while (actions.forest.depth[action] >= done) action = actions.forest.parent[action];
      reach[n] += done > 0 ? perAction[action] : 1;
    }
  }
  for (let n = 0; n < forest.length; n++) reach[n] = forest.reachCount[n] === 0 ? 0 : reach[n] / forest.reachCount[n];
  return reach;
}

/**
 * Reach by the policy's probabilities [ours]: exp(−mean surprisal of the sampled tokens from the root to the end of n)
 * — the path's probability, normalised by its length in log space, so that long paths stay comparable. Tokens without a
 * surprisal are left out; where the path has none, g/K stands in. Unlike the counts it may rise down a path.
 */
export function policyReach(forest: Forest): Float64Array<ArrayBuffer> {
  const reach = tokenReach(forest);
  const { surprisal } = forest.channels;
  if (surprisal === null) return reach;
  const sum = new Float64Array(forest.length);
  const count = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    const parent = forest.parent[n];
    if (parent !== NONE) {
      sum[n] = sum[parent];
      count[n] = count[parent];
    }
    if (forest.sampledCount[n] > 0) {
      for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
        if (Number.isNaN(surprisal[i])) continue;
        sum[n] += surprisal[i];
        count[n]++;
      }
    }
    if (count[n] > 0) reach[n] = Math.exp(-sum[n] / count[n]);
  }
  return reach;
}
