/** Advantages of trajectories, from the log or from the rewards of their task, and means over those through a node. */
import { NONE } from '../model/kinds.ts';
import type { AdvantageRule } from '../model/rule.ts';
import type { Forest } from '../model/forest.ts';

/**
 * trajectory -> advantage, NaN where unknown.
 *
 * - `logged`: of the trajectory or its rollout; else the mean of the per-token advantages logged for the deepest node
 *   of its path that has any.
 * - `grpo` (r − mean)/std, `dr-grpo` r − mean, `rloo` r − mean of the others: mean and population std over the task's
 *   rollouts with a known reward; a rollout's reward is the mean over its branches, which normally share one. A group
 *   whose rewards are all equal, or that has a single one, gives 0.
 */
export function trajectoryAdvantages(forest: Forest, rule: AdvantageRule): Float64Array<ArrayBuffer> {
  return rule === 'logged' ? loggedAdvantages(forest) : groupAdvantages(forest, rule);
}

function loggedAdvantages(forest: Forest): Float64Array<ArrayBuffer> {
  const result = Float64Array.from(forest.trajectories.advantage);
  const { advantage } = forest.channels;
  if (advantage === null) return result;
  const nearest = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    let sum = 0;
    let count = 0;
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
      if (Number.isNaN(advantage[i])) continue;
      sum += advantage[i];
      count++;
    }
    if (count > 0) nearest[n] = sum / count;
    else nearest[n] = forest.parent[n] === NONE ? Number.NaN : nearest[forest.parent[n]];
  }
  for (let t = 0; t < result.length; t++) if (Number.isNaN(result[t])) result[t] = nearest[forest.trajectories.leaf[t]];
  return result;
}

function groupAdvantages(forest: Forest, rule: 'grpo' | 'dr-grpo' | 'rloo'): Float64Array<ArrayBuffer> {
  const { reward } = forest.trajectories;
  const result = new Float64Array(forest.trajectories.length).fill(Number.NaN);
  for (let task = 0; task + 1 < forest.trajectoryStart.length; task++) {
    const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
    const rewards = rolloutRewards(forest, members);
    const group = describe(rewards);
    for (const t of members) {
      if (Number.isNaN(reward[t])) continue;
      const centred = reward[t] - group.mean;
      if (group.isFlat) result[t] = 0;
      else if (rule === 'grpo') result[t] = centred / group.std;
      else if (rule === 'dr-grpo') result[t] = centred;
      else {
        const own = rewards.get(forest.trajectories.rollout[t]) ?? reward[t];
        result[t] = reward[t] - (group.mean * rewards.size - own) / (rewards.size - 1);
      }
    }
  }
  return result;
}

/** rollout -> mean reward of its branches, for rollouts with a known reward */
function rolloutRewards(forest: Forest, members: Int32Array): Map<number, number> {
  const { reward, rollout } = forest.trajectories;
  const branches = new Map<number, number[]>();
  // In the order of the table, so that sums do not depend on where in the tree a trajectory lies.
  for (const t of Int32Array.from(members).sort()) {
    if (Number.isNaN(reward[t])) continue;
    const own = branches.get(rollout[t]);
    if (own === undefined) branches.set(rollout[t], [reward[t]]);
    else own.push(reward[t]);
  }
  const means = new Map<number, number>();
  for (const [r, rewards] of branches) {
    const isOne = rewards.every((value) => value === rewards[0]);
    means.set(r, isOne ? rewards[0] : rewards.reduce((sum, value) => sum + value, 0) / rewards.length);
  }
  return means;
}

/** `isFlat` is decided by comparison: a std from rounded arithmetic need not be 0 for equal rewards. */
function describe(rewards: ReadonlyMap<number, number>): { mean: number; std: number; isFlat: boolean } {
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const value of rewards.values()) {
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const mean = sum / rewards.size;
  let squares = 0;
  for (const value of rewards.values()) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / rewards.size), isFlat: !(high > low) };
}

/** node -> mean of `values` over the trajectories through it that have one, NaN where none has. O(nodes + trajectories). */
export function meanThrough(forest: Forest, values: Float64Array): Float64Array<ArrayBuffer> {
  const order = forest.trajectoryOrder;
  const sum = new Float64Array(order.length + 1);
  const count = new Int32Array(order.length + 1);
  for (let i = 0; i < order.length; i++) {
    const value = values[order[i]];
    const isKnown = !Number.isNaN(value);
    sum[i + 1] = sum[i] + (isKnown ? value : 0);
    count[i + 1] = count[i] + (isKnown ? 1 : 0);
  }
  const mean = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    const from = forest.reachStart[n];
    const to = from + forest.reachCount[n];
    const known = count[to] - count[from];
    mean[n] = known === 0 ? Number.NaN : (sum[to] - sum[from]) / known;
  }
  return mean;
}
