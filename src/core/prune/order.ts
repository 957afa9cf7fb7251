/**
 * One precomputed order of nodes per rule, with prefix sums: every budget is a prefix of it, so keep sets are nested
 * and a tick of the slider is a binary search.
 */

import { NONE } from '../model/kinds.ts';
import type { Scope, Strategy } from '../model/rule.ts';
import type { BoundCurve, PinnedBound } from './bound.ts';
import { boundCurve, pinnedBound } from './bound.ts';
import type { PruneProblem } from './problem.ts';
import { checkProblem, countedSignal } from './problem.ts';
import { orderUnits } from './unit-order.ts';
import { releasePositions } from './release.ts';
import type { UnitPlan, Units } from './units.ts';
import { planUnits } from './units.ts';

/** Rank of a node that acts dropped: no cut reaches it. */
export const NEVER = 2 ** 31 - 1;

/**
 * Nodes in groups that are taken whole. Scope s (the only one, or task s) has groups 0, 1, … in the order in which
 * they are taken, and owns rows [start[s], start[s + 1]) of the prefix columns: row start[s] + k is the sum over its
 * first k groups, so it has start[s + 1] - start[s] - 1 groups.
 */
export interface PruneOrder {
  readonly strategy: Strategy;
  readonly scope: Scope;
  /** tasks of the forest */
  readonly tasks: number;
  /** node -> position of its group in its scope. Never falls on the way down a path. */
  readonly rank: Int32Array;
  readonly start: Int32Array;
  /** row -> cost of the first k groups, in the rule's unit */
  readonly cost: Float64Array;
  /** row -> signal of the first k groups, as far as it is known */
  readonly signal: Float64Array;
  /** scope -> groups that pins demand; their cost is the floor */
  readonly pinned: Int32Array;
  /** scope -> groups up to the last in which a node may carry loss; what follows is never kept */
  readonly useful: Int32Array;
  /** row of a group's end -> k at which its block opens (density: a run of equal treatment; else the group itself) */
  readonly blockOpens: Int32Array;
  readonly bound: BoundCurve;
  /** Bound over keep sets that hold every pinned node; null where nothing is pinned. */
  readonly pinnedBound: PinnedBound | null;
  readonly totalCost: number;
  readonly totalSignal: number;
  /** Cost of all pinned groups. */
  readonly pinnedCost: number;
  /** What the order was made from: units, links, protections, node costs. */
  readonly plan: UnitPlan;
}

/** Parts of an order that do not depend on the strategy, to be shared by several. */
export interface SharedParts {
  readonly plan: UnitPlan;
  readonly bound: BoundCurve;
  readonly pinnedBound: PinnedBound | null;
}

/** Units and bound of a problem: what `planOrder` makes first. */
export function planShared(problem: PruneProblem): SharedParts {
  checkProblem(problem);
  const plan = planUnits(problem);
  const { forest, rule } = problem;
  const counted = countedSignal(problem);
  return {
    plan,
    bound: boundCurve(forest, plan.shape, counted, plan.cost, rule.scope),
    pinnedBound: pinnedBound(forest, plan.shape, counted, plan.cost, plan.protections.pinned, rule.scope, problem.whole?.hasPins),
  };
}

/** The order of a problem's nodes under its rule. O(n log n); throws where a column does not fit. */
export function planOrder(
  problem: PruneProblem,
  shared: SharedParts = planShared(problem),
  strategy: Strategy = problem.rule.strategy,
  seed: number = problem.rule.seed,
): PruneOrder {
  const { forest, rule } = problem;
  const { units } = shared.plan;
  const tasks = forest.treeStart.length - 1;
  const scopes = rule.scope === 'global' ? 1 : tasks;
  const scopeOf = (u: number): number => (rule.scope === 'global' ? 0 : units.task[u]);
  const { order, blockOf: unitBlock, goesOn } = orderUnits(problem, units, strategy, seed);
  const release = releasePositions(units, order, goesOn);
  const opensGroup = new Uint8Array(units.length);
  for (let u = 0; u < units.length; u++) opensGroup[release[u]] = 1;

  const groups = new Int32Array(scopes);
  const groupAt = new Int32Array(units.length); // position in the order -> group in its scope
  for (let i = 0; i < order.length; i++) {
    const scope = scopeOf(order[i]);
    groupAt[i] = groups[scope];
    groups[scope] += opensGroup[i];
  }
  const start = new Int32Array(scopes + 1);
  for (let s = 0; s < scopes; s++) start[s + 1] = start[s] + groups[s] + 1;

  const rows = start[scopes];
  const cost = new Float64Array(rows);
  const signal = new Float64Array(rows);
  const pinned = new Int32Array(scopes);
  const blockOf = new Int32Array(rows).fill(NONE);
  const unitRank = new Int32Array(units.length);
  for (let i = 0; i < order.length; i++) {
    const u = order[i];
    const scope = scopeOf(u);
    unitRank[u] = groupAt[release[u]];
    const row = start[scope] + unitRank[u] + 1;
    cost[row] += units.cost[u];
    signal[row] += units.signal[u];
    // A group belongs to the block of the unit that releases it, the last of its units in the order.
    blockOf[row] = unitBlock[u];
    if (units.mandatory[u] === 1) pinned[scope] = Math.max(pinned[scope], unitRank[u] + 1);
  }
  const useful = usefulGroups(problem, units, scopes, scopeOf, unitRank);
  const blockOpens = accumulate(start, cost, signal, blockOf);
  const rank = new Int32Array(forest.length);
  for (let n = 0; n < forest.length; n++) rank[n] = units.unitOf[n] === NONE ? NEVER : unitRank[units.unitOf[n]];

  let totalCost = 0;
  let totalSignal = 0;
  let pinnedCost = 0;
  for (let s = 0; s < scopes; s++) {
    totalCost += cost[start[s + 1] - 1];
    totalSignal += signal[start[s + 1] - 1];
    pinnedCost += cost[start[s] + pinned[s]];
  }
  return {
    strategy,
    scope: rule.scope,
    tasks,
    rank,
    start,
    cost,
    signal,
    pinned,
    useful,
    blockOpens,
    bound: shared.bound,
    pinnedBound: shared.pinnedBound,
    totalCost,
    totalSignal,
    pinnedCost,
    plan: shared.plan,
  };
}

/** All groups, unless the rule lets only some rollouts train: then nothing behind the last of what those sampled. */
function usefulGroups(
  { forest }: PruneProblem,
  units: Units,
  scopes: number,
  scopeOf: (unit: number) => number,
  unitRank: Int32Array,
): Int32Array {
  const useful = new Int32Array(scopes);
  const all = forest.trajectories.learners === undefined;
  for (let n = 0; n < forest.length; n++) {
    if (units.unitOf[n] === NONE || (!all && forest.sampledCount[n] === 0)) continue;
    const unit = units.unitOf[n];
    const scope = scopeOf(unit);
    if (useful[scope] <= unitRank[unit]) useful[scope] = unitRank[unit] + 1;
  }
  return useful;
}

/** Turns sums per group into prefix sums, and block numbers into the k at which each block opens. */
function accumulate(start: Int32Array, cost: Float64Array, signal: Float64Array, blockOf: Int32Array): Int32Array {
  const blockOpens = new Int32Array(blockOf.length);
  for (let s = 0; s + 1 < start.length; s++) {
    for (let row = start[s] + 1; row < start[s + 1]; row++) {
      cost[row] += cost[row - 1];
      signal[row] += signal[row - 1];
      const sameBlock = blockOf[row] !== NONE && row > start[s] + 1 && blockOf[row] === blockOf[row - 1];
      blockOpens[row] = sameBlock ? blockOpens[row - 1] : row - 1 - start[s];
    }
  }
  return blockOpens;
}
