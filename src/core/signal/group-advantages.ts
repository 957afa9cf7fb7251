/** Advantages within a group of trajectories, from their rewards. */
import type { Forest } from '../model/forest.ts';
import type { Frozen } from '../tree/freeze.ts';
import { ruledReward } from './ruled-reward.ts';

/** A way from rewards or the log to advantages. */
export interface AdvantageWay<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** The formula, and where it is from. */
  readonly help: string;
  /** trajectory -> advantage, NaN where unknown */
  readonly of: (input: AdvantageInput) => Float64Array<ArrayBuffer>;
  /**
   * node -> mean advantage of those that sampled it and have one, NaN where none has; for ways by which a trajectory has another
   * one at each node. Absent: what `of` gives all along.
   */
  readonly ofNodes?: (input: AdvantageInput) => Float64Array<ArrayBuffer>;
}

export interface AdvantageInput {
  /** Whose tasks are the groups: as they were sampled. */
  readonly forest: Forest;
  /** The same rows as far as acts and outcome left them: whose trajectories count at a node. */
  readonly among: Forest;
  /** The same trajectories by their actions; where it is null, a way that needs it throws. */
  readonly actions: Frozen | null;
}

/** Of one trajectory: its reward, that of its rollout, and the group of all rollouts of its task with a known reward. */
interface Standing {
  readonly reward: number;
  readonly own: number;
  readonly mean: number;
  readonly std: number;
  readonly size: number;
}

/**
 * trajectory -> advantage within its group; 0 where the group's rewards are all equal.
 * @param groupsOf a task's trajectories -> its groups; absent: one
 */
export function groupAdvantages(
  forest: Forest,
  of: (standing: Standing) => number,
  groupsOf: (members: Int32Array) => readonly Int32Array[] = (members) => [members],
): Float64Array<ArrayBuffer> {
  const { rollout } = forest.trajectories;
  const reward = ruledReward(forest);
  const result = new Float64Array(forest.trajectories.length).fill(Number.NaN);
  for (let task = 0; task + 1 < forest.trajectoryStart.length; task++) {
    const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
    for (const group of groupsOf(members)) {
      const rewards = rolloutRewards(forest, group);
      const { mean, std, isFlat } = describe([...rewards.values()]);
      for (const t of group) {
        if (Number.isNaN(reward[t])) continue;
        const own = rewards.get(rollout[t]) ?? reward[t];
        result[t] = isFlat ? 0 : of({ reward: reward[t], own, mean, std, size: rewards.size });
      }
    }
  }
  return result;
}

/** The reward's distance from the group's mean, in standard deviations of the population. */
export function standardised({ reward, mean, std }: Standing): number {
  return (reward - mean) / std;
}

/** rollout -> mean reward of its branches, for rollouts with a known reward */
function rolloutRewards(forest: Forest, members: Int32Array): Map<number, number> {
  const { rollout } = forest.trajectories;
  const reward = ruledReward(forest);
  const branches = new Map<number, number[]>();
  for (const t of members) {
    if (Number.isNaN(reward[t])) continue;
    const own = branches.get(rollout[t]);
    if (own === undefined) branches.set(rollout[t], [reward[t]]);
    else own.push(reward[t]);
  }
  const means = new Map<number, number>();
  for (const [r, rewards] of branches) {
    const isOne = rewards.every((value) => value === rewards[0]);
    means.set(r, isOne ? rewards[0] : sumOf(rewards) / rewards.length);
  }
  return means;
}

/** `isFlat` is decided by comparison: a std from rounded arithmetic need not be 0 for equal rewards. */
export function describe(values: readonly number[]): { mean: number; std: number; isFlat: boolean } {
  const mean = sumOf(values) / values.length;
  const squares = sumOf(values.map((value) => (value - mean) ** 2));
  return { mean, std: Math.sqrt(squares / values.length), isFlat: values.every((value) => value === values[0]) };
}

/** From the least to the largest: the same in whatever order they come. */
function sumOf(values: readonly number[]): number {
  return Float64Array.from(values)
    .sort()
    .reduce((sum, value) => sum + value, 0);
}
