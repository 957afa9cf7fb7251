/**
 * A node's coefficient c(n): trajectories that sampled it ÷ what the task divides by. Flat training of all trajectories
 * gives each sampled token exactly c.
 */
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';

/**
 * task -> its trajectories K, or its rollouts: one rollout whose log holds six calls is six trajectories. Only those count
 * that may carry loss; 1 where a task has none.
 */
export function taskDivisors(forest: Forest, divisor: PruneRule['divisor']): Float64Array<ArrayBuffer> {
  const divisors = new Float64Array(forest.treeStart.length - 1);
  const { learners, rollout } = forest.trajectories;
  for (let task = 0; task < divisors.length; task++) {
    const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
    const counting = learners === undefined ? members : members.filter((t) => learners[t] === 1);
    divisors[task] = Math.max(1, divisor === 'trajectories' ? counting.length : new Set(counting.map((t) => rollout[t])).size);
  }
  return divisors;
}

/** task -> 1 where anything of it remains: what acts drop whole weighs nothing. */
export function remainingTasks({ excluded, trajectoryStart, treeStart }: Forest): Uint8Array {
  return Uint8Array.from({ length: treeStart.length - 1 }, (_, task) =>
    excluded === undefined || trajectoryStart[task + 1] > trajectoryStart[task] ? 1 : 0,
  );
}

/** q(n) = s(n)/g(n): the share of the trajectories through `n` that sampled it; 0 where none remains. */
export function sampledShare({ sampledCount, reachCount }: Forest, n: number): number {
  return reachCount[n] === 0 ? 0 : sampledCount[n] / reachCount[n];
}
