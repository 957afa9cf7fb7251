/**
 * The density order where turns fork: an open unit is kept only with one of several continuations, and which one is a
 * choice that no merging of blocks settles. So units are ordered twice, with two ways to choose; what is kept together in
 * such an order becomes one row of a smaller tree, over which the density order is exact: of all orders that keep these
 * groups whole, it has the largest mean of retained signal over all budgets. Each task takes the better of the two; where
 * tasks share one budget, the best of that and of each way for all tasks is taken. [ours]
 */
import { NONE } from '../model/kinds.ts';
import { densityOrder, type DensityOrder, type WeightedTree } from './density.ts';
import { takenBy } from './heads.ts';
import type { PruneProblem } from './problem.ts';
import { releasePositions } from './release.ts';
import type { StrategyInput } from './strategy.ts';
import type { Units } from './units.ts';

const CLOSINGS = ['densest', 'together'] as const;

/** O(n log n). Writes each unit's block. */
export function groupedDensity({ problem, units, blockOf, heads }: StrategyInput): Int32Array {
  const { order, blocks, tops } = chosenWay(problem, densityWays(problem, units));
  for (let i = 0; i < order.length; i++) {
    blockOf[order[i]] = blocks[i];
    takenBy(heads, units, order[i], tops.density[blocks[i]], tops.place[blocks[i]]);
  }
  return order;
}

/** Of equals the first. A part of a log takes the way that is best for all of it. */
function chosenWay({ whole }: PruneProblem, ways: readonly DensityWay[]): DensityWay {
  const given = whole?.way === undefined ? undefined : ways[whole.way];
  return given ?? ways.reduce((best, other) => (other.total > best.total ? other : best));
}

/** The orders among which the best is taken; what is better for a task alone need not be when others compete for the same budget. */
export function densityWays(problem: PruneProblem, units: Units): readonly DensityWay[] {
  const grouped = CLOSINGS.map((closing) => groupsOf(units, closing));
  const [first, second] = grouped.map((groups) => ordered(units, groups));
  const wins = second.area.map((area, task) => (area > first.area[task] ? 1 : 0));
  // A group lies in one task, so groups of both kinds stay apart.
  const mixed = units.task.map((task, u) => (grouped[wins[task]][u] === NONE ? NONE : 2 * grouped[wins[task]][u] + wins[task]));
  const byTask = ordered(units, mixed);
  return problem.rule.scope === 'global' ? [byTask, first, second] : [byTask];
}

/** unit -> number of its group, rising along a path; NONE where pins demand it */
function groupsOf(units: Units, closing: (typeof CLOSINGS)[number]): Int32Array {
  const { order } = densityOrder({ ...units, signal: units.rankSignal, skip: units.mandatory, closing });
  const full = new Int32Array(units.length);
  let at = 0;
  for (let u = 0; u < units.length; u++) if (units.mandatory[u] === 1) full[at++] = u;
  full.set(order, at);
  const release = releasePositions(units, full, new Uint8Array(units.length));
  return release.map((position, u) => (units.mandatory[u] === 1 ? NONE : position));
}

export interface DensityWay {
  readonly order: Int32Array;
  /** position -> block */
  readonly blocks: Int32Array;
  /** block -> signal per cost, and the unit whose place decides among equals */
  readonly tops: { readonly density: Float64Array; readonly place: Int32Array };
  /** The smaller tree, and its rows in their order. */
  readonly tree: WeightedTree;
  readonly rows: DensityOrder;
  /** task -> sum over its budgets of the signal kept */
  readonly area: Float64Array;
  /** The same over budgets that all tasks share. */
  readonly total: number;
}

/** The density order of groups, unit by unit. @param groups unit -> any numbers that rise along a path, or NONE */
function ordered(units: Units, groups: Int32Array): DensityWay {
  const rowOf = new Int32Array(2 * units.length + 2).fill(NONE);
  for (const group of groups) if (group !== NONE) rowOf[group] = 0;
  let length = 0;
  for (let group = 0; group < rowOf.length; group++) if (rowOf[group] !== NONE) rowOf[group] = length++;
  const tree = {
    length,
    parent: new Int32Array(length).fill(NONE),
    cost: new Float64Array(length),
    signal: new Float64Array(length),
    place: new Int32Array(length).fill(units.length),
  };
  // row -> its unit of the smallest place
  const named = new Int32Array(length);
  const size = new Int32Array(length + 1);
  for (let u = 0; u < units.length; u++) {
    if (groups[u] === NONE) continue;
    const row = rowOf[groups[u]];
    size[row + 1]++;
    tree.cost[row] += units.cost[u];
    tree.signal[row] += units.rankSignal[u];
    if (units.place[u] < tree.place[row]) {
      tree.place[row] = units.place[u];
      named[row] = u;
    }
    const p = units.parent[u];
    const above = p === NONE || groups[p] === NONE ? NONE : rowOf[groups[p]];
    if (above !== row && above !== NONE) tree.parent[row] = above;
  }
  for (let row = 0; row < length; row++) size[row + 1] += size[row];
  const members = new Int32Array(size[length]);
  const next = size.slice();
  for (let u = 0; u < units.length; u++) if (groups[u] !== NONE) members[next[rowOf[groups[u]]]++] = u;

  const rows = densityOrder(tree);
  const count = rows.blockStart.length - 1;
  const tops = { density: new Float64Array(count), place: new Int32Array(count) };
  const order = new Int32Array(members.length);
  const blocks = new Int32Array(members.length);
  const tasks = units.task.reduce((most, task) => Math.max(most, task + 1), 0);
  const area = new Float64Array(tasks);
  const kept = new Float64Array(tasks);
  let total = 0;
  let keptByAll = 0;
  let at = 0;
  for (let b = 0; b < count; b++) {
    const top = rows.order[rows.blockStart[b]];
    tops.density[b] = rows.density[top];
    tops.place[b] = named[top];
    for (let i = rows.blockStart[b]; i < rows.blockStart[b + 1]; i++) {
      const row = rows.order[i];
      const task = units.task[members[size[row]]];
      area[task] += kept[task] * tree.cost[row];
      kept[task] += tree.signal[row];
      total += keptByAll * tree.cost[row];
      keptByAll += tree.signal[row];
      for (let k = size[row]; k < size[row + 1]; k++, at++) {
        order[at] = members[k];
        blocks[at] = b;
      }
    }
  }
  return { order, blocks, tops, tree, rows, area, total };
}
