/** One order of units per strategy: the mandatory ones first, by importance, then the rest as the strategy says. */

import { NONE } from '../model/kinds.ts';
import type { Strategy } from '../model/rule.ts';
import { densityOrder } from './density.ts';
import type { Region } from './frontier-order.ts';
import { frontierOrder, randomOrder } from './frontier-order.ts';
import { largestAdvantageFirst, largestRewardVarianceFirst, longestFirst, pathOrder } from './path-order.ts';
import type { PruneProblem } from './problem.ts';
import type { Units } from './units.ts';

export interface UnitOrder {
  /** All units, parents first. */
  readonly order: Int32Array;
  /** Units at the front that pins demand. */
  readonly mandatory: number;
  /** unit -> block of equal treatment in the density order, numbered from the front; NONE: mandatory, or no blocks */
  readonly blockOf: Int32Array;
}

/** The order over all tasks together; restricted to one task it is that task's own order. */
export function orderUnits(problem: PruneProblem, units: Units, strategy: Strategy, seed: number): UnitOrder {
  const pinned = frontierOrder(units, units.importance, { part: units.mandatory, value: 1 });
  const blockOf = new Int32Array(units.length).fill(NONE);
  const rest = REST_ORDER[strategy](problem, units, { part: units.mandatory, value: 0 }, seed, blockOf);
  const order = new Int32Array(units.length);
  order.set(pinned);
  order.set(rest, pinned.length);
  return { order, mandatory: pinned.length, blockOf };
}

type MakeOrder = (problem: PruneProblem, units: Units, rest: Region, seed: number, blockOf: Int32Array) => Int32Array;

const REST_ORDER: Readonly<Record<Strategy, MakeOrder>> = {
  density: (_, units, _rest, _seed, blockOf) => {
    const { order, blockStart } = densityOrder({ ...units, signal: units.rankSignal, skip: units.mandatory });
    for (let b = 0; b + 1 < blockStart.length; b++) {
      for (let i = blockStart[b]; i < blockStart[b + 1]; i++) blockOf[order[i]] = b;
    }
    return order;
  },
  'best-first': (_, units, rest) => frontierOrder(units, units.importance, rest),
  random: (_, units, rest, seed) => randomOrder(units, seed, rest),
  'breadth-first': ({ forest }, units, rest) =>
    frontierOrder(
      units,
      topKey(units, (n) => -forest.depth[n]),
      rest,
    ),
  reach: (problem, units, rest) => frontierOrder(units, topReach(problem, units), rest),
  'longest-path': (problem, units) => pathOrder(problem, units, longestFirst(problem)),
  'top-advantage': (problem, units) => pathOrder(problem, units, largestAdvantageFirst(problem)),
  'max-reward-variance': (problem, units) => pathOrder(problem, units, largestRewardVarianceFirst(problem)),
};

function topKey(units: Units, key: (node: number) => number): Float64Array {
  const keys = new Float64Array(units.length);
  for (let u = 0; u < units.length; u++) keys[u] = key(units.top[u]);
  return keys;
}

/** unit -> share of its task's trajectories that pass its first node */
function topReach({ forest }: PruneProblem, units: Units): Float64Array {
  const keys = new Float64Array(units.length);
  for (let u = 0; u < units.length; u++) {
    const t = units.task[u];
    keys[u] = forest.reachCount[units.top[u]] / (forest.trajectoryStart[t + 1] - forest.trajectoryStart[t]);
  }
  return keys;
}
