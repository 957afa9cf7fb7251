/** How ties are broken: spread over tasks and, in a task, over its branches; then by what a node is, never by its row. */
import { risingBits, sortByKeys } from '../../base/radix-sort.ts';
import type { Forest } from '../model/forest.ts';

/** What takes part in ties. All columns are parallel. */
export interface Spread {
  readonly task: Int32Array;
  /** item -> a branch that it lies on, any number that is the task's own */
  readonly path: Int32Array;
  readonly weight: Float64Array;
  /** item -> a node that it is named by */
  readonly node: Int32Array;
  /** Items of one branch: in their order, or in an order of chance that their names decide. */
  readonly along: 'rows' | 'names';
}

/** Parallel to the items. */
export interface Spreading {
  /** item -> its place among all */
  readonly places: Int32Array<ArrayBuffer>;
  /** item -> bits that rise with the share of its task that comes before it; places follow these, then the keys of the nodes */
  readonly share: Uint32Array;
}

/**
 * What is to be compared where keys tie: in this order each prefix has taken about the same share
 * of every task, and of every branch of a task. It depends on node keys alone, so no order of files or lines changes it,
 * as long as neighbours on a branch have rising rows. [ours] O(items).
 */
export function spread(forest: Forest, items: Spread): Spreading {
  const { task, path, node, along } = items;
  // Plain loops: `from` takes its items one by one from an iterator, which at ten million of them is seconds.
  const rows = new Int32Array(node.length);
  const high = new Uint32Array(node.length);
  const low = new Uint32Array(node.length);
  for (let i = 0; i < node.length; i++) {
    rows[i] = i;
    high[i] = forest.keys[2 * node[i]];
    low[i] = forest.keys[2 * node[i] + 1];
  }
  const named = sortByKeys(sortByKeys(rows, low), high);
  const ofPath = shares(along === 'rows' ? rows : named, path, items.weight);
  const inTasks = sortByKeys(sortByKeys(named, ofPath), new Uint32Array(task));
  const share = shares(inTasks, task, items.weight);
  const order = sortByKeys(named, share);
  const places = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) places[order[i]] = i;
  return { places, share };
}

/** item -> share of its set that comes before its own middle, as bits that rise with it */
function shares(order: Int32Array, set: Int32Array, weight: Float64Array): Uint32Array {
  let sets = 0;
  for (let i = 0; i < set.length; i++) if (set[i] >= sets) sets = set[i] + 1;
  const total = new Float64Array(sets);
  for (let i = 0; i < set.length; i++) total[set[i]] += weight[i];
  const before = new Float64Array(sets);
  const share = new Float32Array(set.length);
  for (let at = 0; at < order.length; at++) {
    const i = order[at];
    share[i] = total[set[i]] > 0 ? (before[set[i]] + weight[i] / 2) / total[set[i]] : 0;
    before[set[i]] += weight[i];
  }
  return risingBits(share);
}

/** node -> the end of the first branch through it: a node of its own task, whatever the order of the inputs */
export function branchOf(forest: Forest, n: number): number {
  return forest.trajectories.leaf[forest.trajectoryOrder[forest.reachStart[n]]];
}

/** task -> its place among all tasks, by the key of its first node */
export function taskRanks({ keys, treeStart }: Forest): Int32Array<ArrayBuffer> {
  const tasks = Int32Array.from({ length: treeStart.length - 1 }, (_, t) => t);
  const word = (t: number, w: number): number => keys[2 * treeStart[t] + w] ?? 0;
  const order = tasks.toSorted((a, b) => word(a, 0) - word(b, 0) || word(a, 1) - word(b, 1) || a - b);
  const ranks = new Int32Array(tasks.length);
  for (let i = 0; i < order.length; i++) ranks[order[i]] = i;
  return ranks;
}
