/** Baselines that take whole trajectories or whole rollouts: which path comes next, and the units it adds. */

import { NONE } from '../model/kinds.ts';
import type { PruneProblem } from './problem.ts';
import type { Units } from './units.ts';

/**
 * The units of each trajectory in turn, from its root to its leaf, without those already taken. Mandatory units are
 * left out; units on no path come last.
 */
export function pathOrder(problem: PruneProblem, units: Units, trajectories: ArrayLike<number>): Int32Array {
  const { leaf } = problem.forest.trajectories;
  const taken = units.mandatory.slice();
  const order = new Int32Array(units.length);
  let at = 0;
  for (let i = 0; i < trajectories.length; i++) {
    const start = at;
    for (let u = units.unitOf[leaf[trajectories[i]]]; u !== NONE && taken[u] === 0; u = units.parent[u]) {
      taken[u] = 1;
      order[at++] = u;
    }
    order.subarray(start, at).reverse();
  }
  for (let u = 0; u < units.length; u++) if (taken[u] === 0) order[at++] = u;
  return order.slice(0, at);
}

/** Trajectories with the most tokens first; ties: the earlier one. */
export function longestFirst(problem: PruneProblem): Int32Array {
  const { tokenCount, length } = problem.forest.trajectories;
  return sortedBy(length, (t) => tokenCount[t]);
}

/** Trajectories with the largest |advantage| first; unknown ones last; ties: the earlier one. */
export function largestAdvantageFirst(problem: PruneProblem): Int32Array {
  const { trajectoryAdvantage } = problem;
  return sortedBy(trajectoryAdvantage.length, (t) => {
    const size = Math.abs(trajectoryAdvantage[t]);
    return Number.isNaN(size) ? -1 : size;
  });
}

/**
 * Whole rollouts such that the rewards chosen within each task vary most. A subset of given size has the largest
 * variance when it joins the highest and the lowest rewards, so each step takes the highest or the lowest one left,
 * whichever leaves the larger variance (ties: the highest), beginning with the highest: a nested, greedy version of
 * maximum-variance down-sampling. Rollouts without a reward come last. Tasks take turns, one rollout each.
 */
export function largestRewardVarianceFirst(problem: PruneProblem): Int32Array {
  const { forest, trajectoryReward } = problem;
  const { rollout, length } = forest.trajectories;
  const turns: { turn: number; task: number; rollout: number }[] = [];
  const members = new Map<number, number[]>();
  for (let t = 0; t < length; t++) {
    const list = members.get(rollout[t]);
    if (list === undefined) members.set(rollout[t], [t]);
    else list.push(t);
  }
  for (let task = 0; task + 1 < forest.trajectoryStart.length; task++) {
    const seen = new Set<number>();
    for (let i = forest.trajectoryStart[task]; i < forest.trajectoryStart[task + 1]; i++) {
      seen.add(rollout[forest.trajectoryOrder[i]]);
    }
    const rollouts = [...seen].sort((a, b) => a - b);
    const rewards = rollouts.map((r) => meanKnown(members.get(r) ?? [], trajectoryReward));
    for (const [turn, index] of alternateExtremes(rewards).entries()) {
      turns.push({ turn, task, rollout: rollouts[index] });
    }
  }
  turns.sort((a, b) => a.turn - b.turn || a.task - b.task);
  const order = new Int32Array(length);
  let at = 0;
  for (const { rollout: r } of turns) for (const t of members.get(r) ?? []) order[at++] = t;
  return order.slice(0, at);
}

/** Indices of `values` so that each prefix varies as much as a greedy choice of extremes can; NaN last. */
export function alternateExtremes(values: readonly number[]): number[] {
  const known = values.map((_, i) => i).filter((i) => !Number.isNaN(values[i]));
  const unknown = values.map((_, i) => i).filter((i) => Number.isNaN(values[i]));
  known.sort((a, b) => values[b] - values[a] || a - b);
  const order: number[] = [];
  let high = 0;
  let low = known.length - 1;
  let sum = 0;
  let squares = 0;
  const varianceWith = (value: number): number => {
    const count = order.length + 1;
    const mean = (sum + value) / count;
    return (squares + value * value) / count - mean * mean;
  };
  while (high <= low) {
    const top = values[known[high]];
    const takeHigh = order.length === 0 || varianceWith(top) >= varianceWith(values[known[low]]);
    const index = takeHigh ? known[high++] : known[low--];
    sum += values[index];
    squares += values[index] * values[index];
    order.push(index);
  }
  return [...order, ...unknown];
}

function meanKnown(trajectories: readonly number[], reward: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const t of trajectories) {
    if (Number.isNaN(reward[t])) continue;
    sum += reward[t];
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

function sortedBy(length: number, key: (t: number) => number): Int32Array {
  const keys = Float64Array.from({ length }, (_, t) => key(t));
  return Int32Array.from({ length }, (_, t) => t).sort((a, b) => keys[b] - keys[a] || a - b);
}
