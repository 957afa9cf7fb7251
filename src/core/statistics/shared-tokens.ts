/** How much the trajectories of a set of rollouts share among themselves. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { lowest } from './strata.ts';

/** place in `trajectoryOrder` -> tokens that the trajectory has in common with the one before; 0 at the first of a task. O(nodes). */
function sharedWithBefore({ trajectoryOrder, trajectories, trajectoryStart, parent, depth, edgeStart, reachStart }: Forest): Int32Array {
  const shared = new Int32Array(trajectoryOrder.length);
  for (let task = 0; task + 1 < trajectoryStart.length; task++) {
    for (let place = trajectoryStart[task] + 1; place < trajectoryStart[task + 1]; place++) {
      // Up to the first node that the trajectory before passes too: those through a node are neighbours in the order.
      let n = trajectories.leaf[trajectoryOrder[place]];
      while (n !== NONE && reachStart[n] === place) n = parent[n];
      shared[place] = n === NONE ? 0 : depth[n] + edgeStart[n + 1] - edgeStart[n];
    }
  }
  return shared;
}

/** By set. */
export interface SetTokens {
  readonly trajectories: Float64Array<ArrayBuffer>;
  readonly flat: Float64Array<ArrayBuffer>;
  /** Each shared prefix once, as if the set were all there is. */
  readonly distinct: Float64Array<ArrayBuffer>;
  /** The two task by task: index task × sets + set. */
  readonly byTask: { readonly flat: Float64Array<ArrayBuffer>; readonly distinct: Float64Array<ArrayBuffer> };
}

/**
 * What two trajectories share is the least that neighbours between them share. O(nodes + trajectories × sets).
 * @param sets rollout -> bit per set
 */
export function tokensOfSets(forest: Forest, sets: Int32Array, setCount: number): SetTokens {
  const { trajectoryOrder, trajectories, trajectoryStart } = forest;
  const shared = sharedWithBefore(forest);
  const answer = { trajectories: new Float64Array(setCount), flat: new Float64Array(setCount), distinct: new Float64Array(setCount) };
  const tasks = Math.max(0, trajectoryStart.length - 1);
  const byTask = { flat: new Float64Array(tasks * setCount), distinct: new Float64Array(tasks * setCount) };
  // set -> the least shared since its last trajectory
  const least = new Float64Array(setCount);
  for (let task = 0; task + 1 < trajectoryStart.length; task++) {
    least.fill(0);
    for (let place = trajectoryStart[task]; place < trajectoryStart[task + 1]; place++) {
      for (let set = 0; set < setCount; set++) least[set] = Math.min(least[set], shared[place]);
      const t = trajectoryOrder[place];
      for (let bits = sets[trajectories.rollout[t]]; bits !== 0; bits &= bits - 1) {
        const set = lowest(bits);
        answer.trajectories[set]++;
        const own = task * setCount + set;
        byTask.flat[own] += trajectories.tokenCount[t];
        byTask.distinct[own] += trajectories.tokenCount[t] - least[set];
        least[set] = Number.POSITIVE_INFINITY;
      }
    }
    for (let set = 0; set < setCount; set++) {
      answer.flat[set] += byTask.flat[task * setCount + set];
      answer.distinct[set] += byTask.distinct[task * setCount + set];
    }
  }
  return { ...answer, byTask };
}
