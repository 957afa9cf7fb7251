/** Baselines that take whole trajectories: which path comes next, and the units it adds. */

import { NONE } from '../model/kinds.ts';
import { nodeTasks, type PruneProblem } from './problem.ts';
import { spread } from './spread.ts';
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
  for (let i = 0; i < trajectories.length; i++) at = takePath(units, units.unitOf[leaf[trajectories[i]]], taken, order, at);
  for (let u = 0; u < units.length; u++) if (taken[u] === 0) order[at++] = u;
  return order.slice(0, at);
}

/** Writes the units down to `last` that are not taken yet, the highest first, from `at` on. @returns the place behind them */
export function takePath(units: Units, last: number, taken: Uint8Array, order: Int32Array, at: number): number {
  const start = at;
  for (let u = last; u !== NONE && taken[u] === 0; u = units.parent[u]) {
    taken[u] = 1;
    order[at++] = u;
  }
  order.subarray(start, at).reverse();
  return at;
}

/** Trajectories with the most tokens first; ties are spread over tasks. */
export function longestFirst(problem: PruneProblem): Int32Array {
  const { tokenCount } = problem.forest.trajectories;
  return sortedBy(problem, (t) => tokenCount[t]);
}

/** Trajectories with the largest |advantage| first; unknown ones last; ties are spread over tasks. */
export function largestAdvantageFirst(problem: PruneProblem): Int32Array {
  const { trajectoryAdvantage } = problem;
  return sortedBy(problem, (t) => {
    const size = Math.abs(trajectoryAdvantage[t]);
    return Number.isNaN(size) ? -1 : size;
  });
}

function sortedBy({ forest }: PruneProblem, key: (t: number) => number): Int32Array {
  const { leaf, length, excluded } = forest.trajectories;
  const own = Int32Array.from({ length }, (_, t) => t).filter((t) => excluded?.[t] !== 1);
  const tasks = nodeTasks(forest);
  const { places } = spread(forest, {
    task: own.map((t) => tasks[leaf[t]]),
    path: Int32Array.from(own.keys()),
    weight: new Float64Array(own.length).fill(1),
    node: own.map((t) => leaf[t]),
    along: 'names',
  });
  const keys = Float64Array.from(own, key);
  return Int32Array.from(own.keys())
    .sort((a, b) => keys[b] - keys[a] || places[a] - places[b])
    .map((i) => own[i]);
}
