/** How many rollouts go each way at a fork of decisions, how that goes for them, and which forks of a log part rewards most. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { largestFirst, makeLargest, offer } from '../../base/largest.ts';
import { intervalMethod, momentsOf, type IntervalMethod, type Moments } from './mean-interval.ts';
import { splitOf, type Split } from './split.ts';
import { isDecision, waysFrom, type Way } from './ways.ts';

/** What figures of forks rest on, made once for a forest. */
export interface Rewards {
  /** rollout -> its reward, else the mean of those of its trajectories; NaN unknown */
  readonly ofRollout: Float64Array;
  /** task -> of its rollouts */
  readonly ofTask: readonly Moments[];
  readonly method: IntervalMethod;
  /** Some rollout has several trajectories. */
  readonly hasBranches: boolean;
}

export interface WayFigures extends Way {
  /** Rollouts with a trajectory that goes this way, once each, in the order of `trajectoryOrder`. */
  readonly rollouts: Int32Array;
  /** Of their known rewards. */
  readonly rewards: Moments;
}

export interface ForkFigures {
  /** In the order of the tree. */
  readonly ways: readonly WayFigures[];
  /** Rollouts whose trajectories go several ways: they count on each, and say nothing of the split. */
  readonly several: number;
  /** Null where too few rewards are known to tell; `best` and `worst` are indices into `ways`. */
  readonly split: Split | null;
}

export interface RankedFork {
  readonly task: number;
  /** NONE: before the task's first step */
  readonly node: number;
  /** Squared reward × rollouts, as in `Split`. */
  readonly explained: number;
}

/** @param logged rollout -> reward of the log, null unknown */
export function rewardsOf(forest: Forest, logged: readonly (number | null)[]): Rewards {
  const { trajectories, trajectoryStart } = forest;
  const own: (number[] | undefined)[] = [];
  for (let t = 0; t < trajectories.length; t++) {
    const rollout = trajectories.rollout[t];
    if (logged[rollout] === null) (own[rollout] ??= []).push(trajectories.reward[t]);
  }
  const ofRollout = Float64Array.from(logged, (reward, rollout) => reward ?? momentsOf(own[rollout] ?? []).mean);
  const hasBranches = trajectories.length > logged.length;
  const ofTask = Array.from({ length: trajectoryStart.length - 1 }, (_, task) => {
    const all = { node: NONE, from: trajectoryStart[task], to: trajectoryStart[task + 1] };
    return momentsOf(rewardsIn(ofRollout, rolloutsOf(forest, [all], hasBranches).of[0]));
  });
  return { ofRollout, ofTask, method: intervalMethod(ofRollout), hasBranches };
}

/** @param node NONE: before the task's first step */
export function forkFigures(forest: Forest, rewards: Rewards, task: number, node: number): ForkFigures {
  const ways = waysFrom(forest, task, node);
  const { of, several } = rolloutsOf(forest, ways, rewards.hasBranches);
  const figures = ways.map((way, at) => ({ ...way, rollouts: of[at], rewards: momentsOf(rewardsIn(rewards.ofRollout, of[at])) }));
  const alone =
    several.size === 0
      ? figures.map((way) => way.rewards)
      : of.map((rollouts) =>
          momentsOf(
            rewardsIn(
              rewards.ofRollout,
              rollouts.filter((rollout) => !several.has(rollout)),
            ),
          ),
        );
  return { ways: figures, several: several.size, split: splitOf(alone, rewards.ofTask[task]) };
}

/**
 * The forks that explain most, first, and how many explain anything. Equals in the order of the tree, which no order of files decides.
 * O(trajectories through forks).
 * @param task null: of all tasks. @param most how many at most
 */
export function rankForks(
  forest: Forest,
  rewards: Rewards,
  task: number | null,
  most: number,
): { readonly forks: readonly RankedFork[]; readonly forkCount: number; readonly rankedCount: number } {
  const largest = makeLargest(most);
  const first = task ?? 0;
  const end = task === null ? forest.treeStart.length - 1 : task + 1;
  let forkCount = 0;
  let rankedCount = 0;
  // A task's start comes before its nodes: node n of task t is named t + 1 + n.
  const look = (t: number, node: number): void => {
    if (!isDecision(forest, t, node)) return;
    forkCount++;
    const { squares, n } = rewards.ofTask[t];
    if (n === 0 || squares === 0) return;
    const { split } = forkFigures(forest, rewards, t, node);
    if (split === null || split.explained === 0) return;
    rankedCount++;
    offer(largest, node === NONE ? t + forest.treeStart[t] : t + 1 + node, split.explained);
  };
  for (let t = first; t < end; t++) {
    look(t, NONE);
    for (let n = forest.treeStart[t]; n < forest.treeStart[t + 1]; n++) look(t, n);
  }
  const forks = largestFirst(largest).map(({ item, value }): RankedFork => {
    let t = first;
    while (t + 1 < end && item >= t + 1 + forest.treeStart[t + 1]) t++;
    const node = item - t - 1;
    return { task: t, node: node < forest.treeStart[t] ? NONE : node, explained: value };
  });
  return { forks, forkCount, rankedCount };
}

/** Rollouts of several ways, once each, and their known rewards. */
export function together(rewards: Rewards, ways: readonly WayFigures[]): Pick<WayFigures, 'rollouts' | 'rewards'> {
  const rollouts = Int32Array.from(new Set(ways.flatMap((way) => Array.from(way.rollouts))));
  return { rollouts, rewards: momentsOf(rewardsIn(rewards.ofRollout, rollouts)) };
}

function rewardsIn(ofRollout: Float64Array, rollouts: Int32Array): Float64Array {
  return Float64Array.from(rollouts, (rollout) => ofRollout[rollout]);
}

/** Way -> its rollouts, once each; and those that are on several ways. */
function rolloutsOf(
  { trajectories, trajectoryOrder }: Forest,
  ways: readonly Way[],
  hasBranches: boolean,
): { readonly of: Int32Array[]; readonly several: ReadonlySet<number> } {
  const several = new Set<number>();
  const lastOn = new Map<number, number>();
  const of = ways.map(({ from, to }, at) => {
    const rollouts = Int32Array.from(trajectoryOrder.subarray(from, to), (trajectory) => trajectories.rollout[trajectory]);
    if (!hasBranches) return rollouts;
    return rollouts.filter((rollout) => {
      const before = lastOn.get(rollout);
      if (before === at) return false;
      if (before !== undefined) several.add(rollout);
      lastOn.set(rollout, at);
      return true;
    });
  });
  return { of, several };
}
