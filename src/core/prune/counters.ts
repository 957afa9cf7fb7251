/** What a cut keeps, counted: prefix sums over an order's groups, so that a tick reads every figure in O(log n). */

import type { Forest } from '../model/forest.ts';
import { boundAt, pinnedBoundAt } from './bound.ts';
import type { Cut } from './cut.ts';
import { ENDS, eventEnds } from './events.ts';
import type { PruneOrder } from './order.ts';
import { nodeTasks } from './problem.ts';
import { BY_HAND } from './protection.ts';
import { brokenCalls } from './pairs.ts';
import type { NodeShape } from './segments.ts';

/**
 * - `nodes`
 * - `distinct`, `flat`: tokens; each once, or once per trajectory through them (written out as far as they are kept)
 * - `sampled`, `sampledFlat`: sampled tokens; each once, or once per trajectory in which it was sampled
 * - `calls` (memory calls among them), `results`, `memory` (calls and compactions), `errors`: events, each
 *   where it is complete
 * - `pairs`: those calls that have their result further down; where one is kept, so is its result
 * - `pinned`: such events that are pinned, and nodes pinned by hand
 * - `finals`: turns that end a rollout, at the last node of the turn
 * - `forks`, `branches`: kept nodes with two or more kept children, with none
 * - `broken`: calls kept on a branch without the result that the log has further down; 0 in every cut of an order, and
 *   counted from where calls and results are complete, not from what keeps them together
 * - `tasks`: those with a sampled token; kept: with a kept one. `endedTasks`: the same of final turns, of rollouts that may train
 * - `leaves`, `trajectories`, `rollouts`: kept whole, to the last token (a rollout: all its trajectories)
 */
export const COUNTERS = [
  'nodes',
  'distinct',
  'flat',
  'sampled',
  'sampledFlat',
  'calls',
  'pairs',
  'results',
  'memory',
  'errors',
  'pinned',
  'finals',
  'forks',
  'branches',
  'broken',
  'tasks',
  'endedTasks',
  'leaves',
  'trajectories',
  'rollouts',
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Column per counter, with a value per row of `PruneOrder.cost`. */
export type KeepCounters = Readonly<Record<Counter, Float64Array>> & {
  /** What no budget keeps whole, because acts dropped its end: it counts in totals only. */
  readonly cutShort: { readonly trajectories: number; readonly rollouts: number };
};

export interface KeepSummary {
  readonly share: number;
  /** In the rule's unit. `floor`: what pins demand. */
  readonly cost: { readonly kept: number; readonly total: number; readonly budget: number; readonly floor: number };
  readonly floorUnmet: number;
  /** Raw signal; `bound`: the most that any keep set within the budget can retain; `pinnedBound`: that holds every pin. */
  readonly signal: { readonly kept: number; readonly total: number; readonly bound: number; readonly pinnedBound: number | null };
  /** Retained ÷ bound, at most 1; 1 where there is nothing to retain. */
  readonly certificate: number;
  readonly counts: Readonly<Record<Counter, { readonly kept: number; readonly total: number }>>;
  /** Rollouts that lose at least one token. */
  readonly rolloutsTouched: number;
}

/** Prefix sums of every counter. O(nodes + trajectories). */
export function countKept(forest: Forest, order: PruneOrder): KeepCounters {
  const rows = order.cost.length;
  const counters = perCounter(() => new Float64Array(rows));
  const tasks = nodeTasks(forest);
  // Row in which a node is first counted.
  const rowOf = (n: number): number => order.start[order.scope === 'global' ? 0 : tasks[n]] + order.rank[n] + 1;
  const { shape, protections } = order.plan;
  const ending = eventEnds(forest);
  // task -> row at which the first sampled token, and the first final turn, is kept
  const firstSampled = new Float64Array(order.tasks).fill(Infinity);
  const firstFinal = firstSampled.slice();
  for (let n = 0; n < forest.length; n++) {
    if (forest.excluded?.[n] === 1) continue;
    const row = rowOf(n);
    const tokens = forest.edgeStart[n + 1] - forest.edgeStart[n];
    counters.nodes[row]++;
    counters.distinct[row] += tokens;
    counters.flat[row] += tokens * forest.reachCount[n];
    if (forest.sampledCount[n] > 0) counters.sampled[row] += tokens;
    counters.sampledFlat[row] += tokens * forest.sampledCount[n];
    const ends = ending[n];
    if ((ends & ENDS.call) !== 0) counters.calls[row]++;
    if ((ends & ENDS.pair) !== 0) counters.pairs[row]++;
    if ((ends & ENDS.result) !== 0) counters.results[row]++;
    if ((ends & ENDS.memory) !== 0) counters.memory[row]++;
    if ((ends & ENDS.error) !== 0) counters.errors[row]++;
    if ((ends & ENDS.final) !== 0) counters.finals[row]++;
    const t = tasks[n];
    if (forest.sampledCount[n] > 0 && row < firstSampled[t]) firstSampled[t] = row;
    // Where only some rollouts train, the endings of the others are missed by nobody.
    const isMissed = forest.trajectories.learners === undefined || forest.sampledCount[n] > 0;
    if ((ends & ENDS.final) !== 0 && isMissed && row < firstFinal[t]) firstFinal[t] = row;
    const isEvent = (ends & ENDS.segment) !== 0 || protections.because[n] === BY_HAND;
    if (protections.pinned[n] === 1 && isEvent) counters.pinned[row]++;
    if (shape.childCount[n] === 0) counters.leaves[row]++;
  }
  for (const row of firstSampled) if (row < Infinity) counters.tasks[row]++;
  for (const row of firstFinal) if (row < Infinity) counters.endedTasks[row]++;
  countEnds(forest, shape, rowOf, counters);
  const cutShort = countTrajectories(forest, rowOf, counters);
  for (const name of COUNTERS) accumulate(counters[name], order.start);
  return { ...counters, cutShort };
}

/** A kept node is a branch's end until its first child is kept, and a fork from its second on. */
function countEnds(forest: Forest, shape: NodeShape, rowOf: (n: number) => number, counters: Record<Counter, Float64Array>): void {
  const broken = brokenCalls(forest);
  for (let n = 0; n < forest.length; n++) {
    if (forest.excluded?.[n] === 1) continue;
    counters.branches[rowOf(n)]++;
    if (shape.childCount[n] === 0) continue;
    let first = Infinity;
    let second = Infinity;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) {
      if (forest.excluded?.[c] === 1) continue;
      const row = rowOf(c);
      if (row < first) {
        second = first;
        first = row;
      } else if (row < second) second = row;
    }
    counters.branches[first]--;
    counters.broken[rowOf(n)] += broken[n];
    counters.broken[Math.max(first, rowOf(n))] -= broken[n];
    if (second < Infinity) counters.forks[second]++;
  }
}

function countTrajectories(
  forest: Forest,
  rowOf: (n: number) => number,
  counters: Record<Counter, Float64Array>,
): KeepCounters['cutShort'] {
  const { leaf, rollout, length, excluded, cutShort } = forest.trajectories;
  const never = { trajectories: 0, rollouts: 0 };
  const whole = new Map<number, number>();
  for (let t = 0; t < length; t++) {
    if (excluded?.[t] === 1) continue;
    const row = cutShort?.[t] === 1 ? Infinity : rowOf(leaf[t]);
    if (row < Infinity) counters.trajectories[row]++;
    else never.trajectories++;
    whole.set(rollout[t], Math.max(whole.get(rollout[t]) ?? 0, row));
  }
  for (const row of whole.values())
    if (row < Infinity) counters.rollouts[row]++;
    else never.rollouts++;
  return never;
}

function accumulate(column: Float64Array, start: Int32Array): void {
  for (let s = 0; s + 1 < start.length; s++) {
    for (let row = start[s] + 1; row < start[s + 1]; row++) column[row] += column[row - 1];
  }
}

/** A value for each counter. */
export function perCounter<T>(make: (name: Counter) => T): Record<Counter, T> {
  return {
    nodes: make('nodes'),
    distinct: make('distinct'),
    flat: make('flat'),
    sampled: make('sampled'),
    sampledFlat: make('sampledFlat'),
    calls: make('calls'),
    pairs: make('pairs'),
    results: make('results'),
    memory: make('memory'),
    errors: make('errors'),
    pinned: make('pinned'),
    finals: make('finals'),
    forks: make('forks'),
    branches: make('branches'),
    broken: make('broken'),
    tasks: make('tasks'),
    endedTasks: make('endedTasks'),
    leaves: make('leaves'),
    trajectories: make('trajectories'),
    rollouts: make('rollouts'),
  };
}

/** One counter at a cut, without the rest of the summary. O(scopes). */
function countAt(column: Float64Array, order: PruneOrder, cut: Cut): number {
  if (order.scope === 'global') return order.tasks === 0 ? 0 : column[cut.limit[0]];
  let sum = 0;
  for (let s = 0; s < order.tasks; s++) sum += column[order.start[s] + cut.limit[s]];
  return sum;
}

function countAll(column: Float64Array, order: PruneOrder): number {
  let sum = 0;
  for (let s = 0; s + 1 < order.start.length; s++) sum += column[order.start[s + 1] - 1];
  return sum;
}

/** Every figure of a cut, before and after. O(scopes · log n). */
export function summarize(order: PruneOrder, counters: KeepCounters, cut: Cut): KeepSummary {
  const counts = perCounter((name) => ({
    kept: countAt(counters[name], order, cut),
    total: countAll(counters[name], order) + (name === 'trajectories' || name === 'rollouts' ? counters.cutShort[name] : 0),
  }));
  const bound = boundAt(order.bound, cut.share);
  return {
    share: cut.share,
    cost: { kept: cut.cost, total: order.totalCost, budget: cut.budget, floor: order.pinnedCost },
    floorUnmet: cut.floorUnmet,
    signal: {
      kept: cut.signal,
      total: order.totalSignal,
      bound,
      pinnedBound: order.pinnedBound && pinnedBoundAt(order.pinnedBound, cut.share),
    },
    // Both are sums of the same terms in another order, so the last bits may differ.
    certificate: bound > 0 ? Math.min(1, cut.signal / bound) : 1,
    counts,
    rolloutsTouched: counts.rollouts.total - counts.rollouts.kept,
  };
}
