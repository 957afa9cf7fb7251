/** The ways from rewards or the log to the advantage of a trajectory; the first is the default. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';

interface AdvantageWay<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly help: string;
  /** trajectory -> advantage, NaN where unknown */
  readonly of: (forest: Forest) => Float64Array<ArrayBuffer>;
}

const grpo: AdvantageWay<'grpo'> = {
  id: 'grpo',
  label: 'GRPO: (r − mean) / std',
  help: 'The reward’s distance from the group’s mean, in standard deviations of the population.',
  of: (forest) => groupAdvantages(forest, ({ reward, mean, std }) => (reward - mean) / std),
};

const drGrpo: AdvantageWay<'dr-grpo'> = {
  id: 'dr-grpo',
  label: 'Dr. GRPO: r − mean',
  help: 'The reward’s distance from the group’s mean.',
  of: (forest) => groupAdvantages(forest, ({ reward, mean }) => reward - mean),
};

const rloo: AdvantageWay<'rloo'> = {
  id: 'rloo',
  label: 'RLOO: leave one out',
  help: 'The reward’s distance from the mean of the other rollouts.',
  of: (forest) => groupAdvantages(forest, ({ reward, own, mean, size }) => reward - (mean * size - own) / (size - 1)),
};

const logged: AdvantageWay<'logged'> = {
  id: 'logged',
  label: 'as logged',
  help: 'What the log gives for the trajectory, its rollout, or the deepest node of its path that has any.',
  of: loggedAdvantages,
};

export const ADVANTAGES = [grpo, drGrpo, rloo, logged] as const;

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

/** Of one trajectory: its reward, that of its rollout, and the group of all rollouts of its task with a known reward. */
interface Standing {
  readonly reward: number;
  readonly own: number;
  readonly mean: number;
  readonly std: number;
  readonly size: number;
}

/** trajectory -> advantage within its task's group; 0 where the group's rewards are all equal. */
function groupAdvantages(forest: Forest, of: (standing: Standing) => number): Float64Array<ArrayBuffer> {
  const { reward, rollout } = forest.trajectories;
  const result = new Float64Array(forest.trajectories.length).fill(Number.NaN);
  for (let task = 0; task + 1 < forest.trajectoryStart.length; task++) {
    const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
    const rewards = rolloutRewards(forest, members);
    const { mean, std, isFlat } = describe(rewards);
    for (const t of members) {
      if (Number.isNaN(reward[t])) continue;
      const own = rewards.get(rollout[t]) ?? reward[t];
      result[t] = isFlat ? 0 : of({ reward: reward[t], own, mean, std, size: rewards.size });
    }
  }
  return result;
}

/** rollout -> mean reward of its branches, for rollouts with a known reward */
function rolloutRewards(forest: Forest, members: Int32Array): Map<number, number> {
  const { reward, rollout } = forest.trajectories;
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
function describe(rewards: ReadonlyMap<number, number>): { mean: number; std: number; isFlat: boolean } {
  const values = [...rewards.values()];
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
