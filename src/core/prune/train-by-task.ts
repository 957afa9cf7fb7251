/**
 * The train target where each task has its own budget: every task trains the same share of its own kept sampled tokens, and
 * which of them depends on no other task. So a log that is pruned in parts, task by task, trains what it would train whole. [ours]
 */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import type { Cut } from './cut.ts';
import { layTicks, placeInTicks, trainedBefore, trainEnd, trainPins, type TrainOrder, type TrainTicks } from './train.ts';
import type { PruneOrder } from './order.ts';
import type { TokenLayout } from './token-layout.ts';
import type { TrainPlan, TrainSet } from './train-method.ts';

type Sums = Pick<TrainSet, 'tokens' | 'signal' | 'expected' | 'budget' | 'pinsUnmet'>;

/** Whole nodes. O(nodes) for each budget. */
export function planNodesByTask(forest: Forest, train: TrainOrder, order: PruneOrder, counted: Float64Array): TrainPlan {
  const { start, nodes } = byTask(train.nodes, train.task, order.tasks);
  const ticks = layTicks({ ...train, nodes }, order, counted);
  const { pinned } = train.protections;
  const ofTask = Array.from({ length: order.tasks }, (_, task): TrainTicks => {
    const [from, to] = [start[task], start[task + 1]];
    const part = (column: Int32Array): Int32Array => column.subarray(from, to);
    const pins = nodes.subarray(from, to).reduce((sum, n) => sum + pinned[n], 0);
    const signal = ticks.signal.subarray(from, to);
    return { ...ticks, rank: part(ticks.rank), tokens: part(ticks.tokens), task: part(ticks.task), signal, pinned: pins };
  });
  return {
    pins: trainPins({ ...ticks, pinned: train.pinned, tokens: Int32Array.from(train.nodes, (n) => train.tokens[n]) }),
    upTo: null,
    choose(cut, _, trainShare) {
      const ends = ofTask.map((own) => {
        const { tokens, signal } = trainedBefore(own, cut, own.rank.length);
        const { pinsUnmet, budget, ...rest } = trainEnd(own, cut, { tokens, signal }, trainShare);
        return { ...rest, budget, expected: rest.tokens, pinsUnmet: pinsUnmet === null ? null : { pinned: pinsUnmet, budget } };
      });
      const tokensOf = (node: number): number => {
        const row = ticks.row[node];
        if (row >= nodes.length) return 0;
        const task = ticks.task[row];
        const isTrained = row - start[task] < ends[task].end && ticks.rank[row] < cut.limit[task];
        return isTrained ? ticks.tokens[row] : 0;
      };
      return {
        ...sumsOf(ends),
        threshold: null,
        byToken: false,
        trainedOf: tokensOf,
        factorsOf(node, out, from) {
          const trained = tokensOf(node);
          out.fill(trained > 0 ? 1 : 0, from, from + forest.edgeStart[node + 1] - forest.edgeStart[node]);
          return trained;
        },
        placeOf(node) {
          const row = ticks.row[node];
          if (row >= nodes.length || ticks.rank[row] >= cut.limit[ticks.task[row]]) return null;
          const task = ticks.task[row];
          return placeInTicks(ofTask[task], cut, row - start[task], ends[task].end);
        },
      };
    },
  };
}

/**
 * Single tokens. O(tokens) for each budget: the plan of a task is made, used and let go.
 * @param planOf the plan of a layout that holds one task's tokens
 */
export function planTokensByTask(layout: TokenLayout, pinned: Uint8Array, planOf: (own: TokenLayout) => TrainPlan): TrainPlan {
  const { forest, order, nodes } = layout;
  const parts = split(layout);
  const tokensOf = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const pins = { tokens: 0, of: 0 };
  for (const n of nodes) {
    pins.of += tokensOf(n);
    if (pinned[n] === 1) pins.tokens += tokensOf(n);
  }
  return {
    pins,
    upTo: null,
    choose(cut, _, trainShare) {
      const factors = new Float32Array(forest.edgeStart[forest.length]);
      const trained = new Int32Array(forest.length);
      const sums = parts.map((own, task) => {
        const { tokens, signal, expected, budget, pinsUnmet, ...set } = planOf(own).choose(
          ownCut(order, cut, task),
          sampledIn(own, order, cut, task),
          trainShare,
        );
        for (const n of own.nodes) trained[n] = set.factorsOf(n, factors, forest.edgeStart[n]);
        return { tokens, signal, expected, budget, pinsUnmet };
      });
      return {
        ...sumsOf(sums),
        threshold: null,
        byToken: true,
        trainedOf: (node) => trained[node],
        factorsOf(node, out, from) {
          out.set(factors.subarray(forest.edgeStart[node], forest.edgeStart[node + 1]), from);
          return trained[node];
        },
        placeOf(node) {
          const task = layout.task[node];
          const set = planOf(parts[task]).choose(ownCut(order, cut, task), sampledIn(parts[task], order, cut, task), trainShare);
          return set.placeOf(node);
        },
      };
    },
  };
}

/** The cut as one task sees it. */
function ownCut(order: PruneOrder, cut: Cut, task: number): Cut {
  return { ...cut, signal: order.signal[order.start[task] + cut.limit[task]] };
}

function sampledIn({ forest, nodes }: TokenLayout, order: PruneOrder, cut: Cut, task: number): number {
  let tokens = 0;
  for (const n of nodes) if (order.rank[n] < cut.limit[task]) tokens += forest.edgeStart[n + 1] - forest.edgeStart[n];
  return tokens;
}

/** In the order of tasks, so that sums of parts of a log go on where the part before ended. */
function sumsOf(parts: readonly Sums[]): Sums & Pick<TrainSet, 'budgets'> {
  const sum = (of: (part: Sums) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const unmet = parts.flatMap(({ pinsUnmet }) => pinsUnmet ?? []);
  return {
    tokens: sum(({ tokens }) => tokens),
    signal: sum(({ signal }) => signal),
    expected: sum(({ expected }) => expected),
    budget: sum(({ budget }) => budget),
    budgets: parts,
    pinsUnmet:
      unmet.length === 0
        ? null
        : { pinned: unmet.reduce((all, { pinned }) => all + pinned, 0), budget: unmet.reduce((all, { budget }) => all + budget, 0) },
  };
}

/** The layout of each task by itself; places are its own. */
function split({ forest, order, nodes, entry, task }: TokenLayout): TokenLayout[] {
  const sorted = byTask(
    Int32Array.from(nodes.keys()),
    Int32Array.from(nodes, (n) => task[n]),
    order.tasks,
  );
  const placeOf = new Int32Array(forest.length).fill(NONE);
  return Array.from({ length: order.tasks }, (_, t) => {
    const places = sorted.nodes.subarray(sorted.start[t], sorted.start[t + 1]);
    const own = places.map((p) => nodes[p]);
    const start = new Int32Array(own.length + 1);
    for (const [p, n] of own.entries()) {
      placeOf[n] = p;
      start[p + 1] = start[p] + forest.edgeStart[n + 1] - forest.edgeStart[n];
    }
    return { forest, order, nodes: own, start, entry: Float64Array.from(places, (p) => entry[p]), placeOf, task };
  });
}

/** Items task by task, otherwise in their order. @param task item -> its task */
function byTask(items: Int32Array, task: Int32Array, tasks: number): { start: Int32Array; nodes: Int32Array<ArrayBuffer> } {
  const start = new Int32Array(tasks + 1);
  for (const item of items) start[task[item] + 1]++;
  for (let t = 0; t < tasks; t++) start[t + 1] += start[t];
  const next = start.slice(0, tasks);
  const nodes = new Int32Array(items.length);
  for (const item of items) nodes[next[task[item]]++] = item;
  return { start, nodes };
}
