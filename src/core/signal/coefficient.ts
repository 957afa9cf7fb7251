/**
 * A node's coefficient c(n): trajectories that sampled it ÷ what the task divides by. Flat training of all trajectories
 * gives each sampled token exactly c.
 */
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import { trajectoryCount } from '../tree/navigate.ts';

/** task -> its trajectories K, or its rollouts: one rollout whose log holds six calls is six trajectories. */
export function taskDivisors(forest: Forest, divisor: PruneRule['divisor']): Float64Array<ArrayBuffer> {
  const divisors = new Float64Array(forest.treeStart.length - 1);
  for (let task = 0; task < divisors.length; task++) {
    if (divisor === 'trajectories') divisors[task] = trajectoryCount(forest, task);
    else {
      const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
      divisors[task] = new Set(members.map((t) => forest.trajectories.rollout[t])).size;
    }
  }
  return divisors;
}

/** q(n) = s(n)/g(n): the share of the trajectories through `n` that sampled it. */
export function sampledShare({ sampledCount, reachCount }: Forest, n: number): number {
  return sampledCount[n] / reachCount[n];
}
