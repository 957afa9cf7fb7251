/** Advantages of trajectories, from the log or from the rewards of their task, and means over those through a node. */
import type { Forest } from '../model/forest.ts';
import type { AdvantageRule } from '../model/rule.ts';
import { ADVANTAGES } from './advantages.ts';

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
  const way = ADVANTAGES.find(({ id }) => id === rule);
  if (way === undefined) throw new Error(`expected a rule for advantages, found ${rule}`);
  return way.of(forest);
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
