/** Turns what a builder knows into the frozen forest: pre-order columns that do not depend on the order of arrival. */
import { CHANNELS } from '../model/batch.ts';
import { FLAG, NONE } from '../model/kinds.ts';
import type { Forest, TaskRow, TokenChannels, TrajectoryTable } from '../model/forest.ts';
import type { RolloutRow } from '../model/batch.ts';
import type { Growable } from '../../base/growable.ts';
import type { ForestBuilder } from './build.ts';
import { majorityKind } from './builder-nodes.ts';
import { largestSpread, writeMeans } from './channel-sums.ts';
import { compareEnds, inputOrder, inverse, sortedNames } from './input-order.ts';
import type { InputOrder, NameOf } from './input-order.ts';
import { nodeKeys } from './node-keys.ts';
import { makeRemainder } from './remainder.ts';
import type { Remainder } from './remainder.ts';

type Int32 = Int32Array<ArrayBuffer>;

/** From this many keys on, a copy of the whole run is faster than one key at a time. */
const BULK = 48;

export interface Frozen {
  readonly forest: Forest;
  /** In the order of their keys. */
  readonly tasks: TaskRow[];
  /** In the order of the inputs: source, byte offset, member. */
  readonly rollouts: RolloutRow[];
  /** key -> canonical action; empty where keys are token ids */
  readonly actions: readonly string[];
  /** trajectory -> first entry of `actionEnd`, trajectories + 1 entries; null where keys are token ids */
  readonly actionStart: Int32 | null;
  /** Token position at which each action of a trajectory is complete; null where keys are token ids. */
  readonly actionEnd: Int32 | null;
  /** What the columns do not say and only a forest that goes on growing needs. */
  readonly remainder: Remainder;
}

/**
 * The forest as of now. The builder is left as it is and may go on.
 * @param nameOf input -> its name, which decides between trajectories that are alike in everything else
 */
export function freeze(builder: ForestBuilder, nameOf: NameOf = () => ''): Frozen {
  const order = inputOrder(builder);
  const actions = sortedNames(builder.actions, marked(builder.pool.data, builder.pool.length, builder.actions.size));
  const tools = sortedNames(builder.tools, marked(builder.nodes.tool, builder.nodes.length, builder.tools.size));
  const walk = walkTrees(builder, order, actions.rank, nameOf);
  const edges = runs(builder, walk, actions.rank);
  const forest: Forest = {
    length: walk.builderNode.length,
    parent: walk.parent,
    subtreeEnd: subtreeEnds(walk.parent),
    reachStart: walk.reachStart,
    treeStart: walk.treeStart,
    trajectoryStart: walk.trajectoryStart,
    trajectoryOrder: walk.trajectoryOrder,
    ...nodeFacts(builder, walk, tools.rank, edges.channels.surprisal !== null),
    ...edges,
    keys: nodeKeys({ ...walk, ...edges }, order.tasks, actions.names),
    tools: tools.names,
    trajectories: trajectoryTable(builder, order, walk.leaf),
  };
  return {
    forest,
    tasks: order.tasks,
    rollouts: order.rollouts,
    actions: actions.names,
    ...actionEnds(builder, order.arrival),
    remainder: makeRemainder(builder, walk.builderNode, forest.channels),
  };
}

/** number -> 1 where it is among the first `length` of `column`. */
function marked(column: Int32Array, length: number, numbers: number): Uint8Array {
  const marks = new Uint8Array(numbers);
  if (numbers > 0) for (let i = 0; i < length; i++) if (column[i] !== NONE) marks[column[i]] = 1;
  return marks;
}

interface Walk {
  /** node -> node of the builder */
  readonly builderNode: Int32;
  readonly parent: Int32;
  readonly reachStart: Int32;
  readonly treeStart: Int32;
  readonly trajectoryStart: Int32;
  readonly trajectoryOrder: Int32;
  /** trajectory -> node */
  readonly leaf: Int32;
}

/** Depth-first over every task's tree, children by first key, trajectories listed at the node they end with. */
function walkTrees(builder: ForestBuilder, { tasks, arrival }: InputOrder, actionRank: Int32Array, nameOf: NameOf): Walk {
  const { nodes, pool } = builder;
  const rank = inverse(arrival);
  const compare = compareEnds(builder, nameOf);
  const length = nodes.length - builder.taskNodes.size;
  const builderNode = new Int32Array(length);
  const parent = new Int32Array(length);
  const reachStart = new Int32Array(length);
  const treeStart = new Int32Array(tasks.length + 1);
  const trajectoryStart = new Int32Array(tasks.length + 1);
  const trajectoryOrder = new Int32Array(arrival.length);
  const leaf = new Int32Array(arrival.length);

  const firstKey = (node: number): number => {
    const key = pool.data[nodes.start[node]];
    return actionRank.length === 0 ? key : actionRank[key];
  };
  // Pairs of a builder node and the frozen node above it; children go on last first.
  const stack: number[] = [];
  const siblings: number[] = [];
  const pushChildren = (node: number, above: number): void => {
    siblings.length = 0;
    for (let child = nodes.firstChild[node]; child !== NONE; child = nodes.nextSibling[child]) siblings.push(child);
    if (siblings.length > 1) siblings.sort((a, b) => firstKey(b) - firstKey(a));
    for (const child of siblings) stack.push(child, above);
  };
  const ending: number[] = [];
  let n = 0;
  let ended = 0;
  for (const [task, { key }] of tasks.entries()) {
    treeStart[task] = n;
    trajectoryStart[task] = ended;
    pushChildren(builder.taskNodes.get(key)!, NONE);
    while (stack.length > 0) {
      parent[n] = stack.pop()!;
      const node = stack.pop()!;
      builderNode[n] = node;
      reachStart[n] = ended;
      // Those that end here come before those that go on.
      ending.length = 0;
      for (let t = nodes.ends[node]; t !== NONE; t = builder.trajectories.nextEnd.data[t]) ending.push(t);
      if (ending.length > 1) ending.sort((a, b) => compare(a, b) || rank[a] - rank[b]);
      for (const arrived of ending) {
        const t = rank[arrived];
        trajectoryOrder[ended++] = t;
        leaf[t] = n;
      }
      pushChildren(node, n);
      n++;
    }
  }
  treeStart[tasks.length] = n;
  trajectoryStart[tasks.length] = ended;
  return { builderNode, parent, reachStart, treeStart, trajectoryStart, trajectoryOrder, leaf };
}

/** Children come after their parent, the last of them last: one backward pass closes every subtree. */
function subtreeEnds(parent: Int32Array): Int32 {
  const end = new Int32Array(parent.length);
  for (let n = parent.length - 1; n >= 0; n--) {
    if (end[n] === 0) end[n] = n + 1;
    if (parent[n] !== NONE && end[parent[n]] < end[n]) end[parent[n]] = end[n];
  }
  return end;
}

type NodeFacts = Pick<
  Forest,
  'depth' | 'reachCount' | 'sampledCount' | 'kind' | 'kinds' | 'flags' | 'endings' | 'tool' | 'surprisalSpread'
>;

function nodeFacts({ nodes, sums }: ForestBuilder, { builderNode, parent }: Walk, toolRank: Int32Array, hasSurprisal: boolean): NodeFacts {
  const length = builderNode.length;
  const depth = new Int32Array(length);
  const kind = new Uint8Array(length);
  const flags = new Uint8Array(length);
  const surprisalSpread = hasSurprisal ? new Float32Array(length) : null;
  for (let n = 0; n < length; n++) {
    const node = builderNode[n];
    const kinds = nodes.kinds[node];
    const sampled = nodes.sampled[node];
    if (parent[n] !== NONE) depth[n] = depth[parent[n]] + nodes.run[builderNode[parent[n]]];
    kind[n] = majorityKind(nodes, node);
    const isMixed = (kinds & (kinds - 1)) !== 0 || (sampled !== 0 && sampled !== nodes.reach[node]);
    flags[n] = isMixed ? nodes.flags[node] | FLAG.mixed : nodes.flags[node];
    if (surprisalSpread !== null) surprisalSpread[n] = largestSpread(sums, nodes.block[node], nodes.run[node]);
  }
  return {
    depth,
    kind,
    flags,
    surprisalSpread,
    reachCount: builderNode.map((node) => nodes.reach[node]),
    sampledCount: builderNode.map((node) => nodes.sampled[node]),
    kinds: Uint16Array.from(builderNode, (node) => nodes.kinds[node]),
    endings: Uint16Array.from(builderNode, (node) => nodes.endings[node]),
    tool: builderNode.map((node) => (nodes.tool[node] === NONE ? NONE : toolRank[nodes.tool[node]])),
  };
}

/** The keys of every node, and their channels' means. */
function runs(
  { nodes, pool, sums }: ForestBuilder,
  { builderNode }: Walk,
  actionRank: Int32Array,
): Pick<Forest, 'edgeStart' | 'edgeTokens' | 'channels'> {
  const edgeStart = new Int32Array(builderNode.length + 1);
  for (let n = 0; n < builderNode.length; n++) edgeStart[n + 1] = edgeStart[n] + nodes.run[builderNode[n]];
  const edgeTokens = new Int32Array(edgeStart[builderNode.length]);
  const means = CHANNELS.map((_, c) => (sums.first[c] === null && sums.sum[c] === null ? null : new Float32Array(edgeTokens.length)));
  for (let n = 0; n < builderNode.length; n++) {
    const node = builderNode[n];
    const start = nodes.start[node];
    const run = nodes.run[node];
    if (run >= BULK) edgeTokens.set(pool.data.subarray(start, start + run), edgeStart[n]);
    else for (let i = 0, at = edgeStart[n]; i < run; i++) edgeTokens[at + i] = pool.data[start + i];
    for (let c = 0; c < means.length; c++) {
      const out = means[c];
      if (out !== null) writeMeans(sums, c, start, nodes.block[node], run, out, edgeStart[n]);
    }
  }
  if (actionRank.length > 0) for (let i = 0; i < edgeTokens.length; i++) edgeTokens[i] = actionRank[edgeTokens[i]];
  const [entropy, entropyLow, entropyHigh, surprisal, advantage, model] = means.map((column) => (hasValue(column) ? column : null));
  const channels: TokenChannels = { entropy, entropyLow, entropyHigh, surprisal, advantage, model };
  return { edgeStart, edgeTokens, channels };
}

/** A column in which nobody logged anything is none. */
export function hasValue(column: Float32Array | null): column is Float32Array {
  if (column === null) return false;
  for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i])) return true;
  return false;
}

function trajectoryTable(builder: ForestBuilder, { arrival, rolloutRank }: InputOrder, leaf: Int32Array): TrajectoryTable {
  const { rollout, branch, tokenCount, reward, advantage, sampledStart, sampledRuns } = builder.trajectories;
  const sampled = inOrder(sampledStart, sampledRuns, arrival);
  return {
    length: arrival.length,
    rollout: arrival.map((t) => rolloutRank[rollout.data[t]]),
    branch: arrival.map((t) => branch.data[t]),
    leaf,
    tokenCount: arrival.map((t) => tokenCount.data[t]),
    reward: Float64Array.from(arrival, (t) => reward.data[t]),
    advantage: Float64Array.from(arrival, (t) => advantage.data[t]),
    sampledStart: sampled.start,
    sampledRuns: sampled.values,
  };
}

/** What lies run by run in the order of arrival, put in frozen order. */
function inOrder(start: Growable<Int32>, values: Growable<Int32>, arrival: Int32Array): { start: Int32; values: Int32 } {
  const starts = new Int32Array(arrival.length + 1);
  const out = new Int32Array(values.length);
  for (let t = 0; t < arrival.length; t++) {
    const from = start.data[arrival[t]];
    const to = arrival[t] + 1 < start.length ? start.data[arrival[t] + 1] : values.length;
    out.set(values.data.subarray(from, to), starts[t]);
    starts[t + 1] = starts[t] + to - from;
  }
  return { start: starts, values: out };
}

/** The builder's action ends with its trajectories put in frozen order. */
function actionEnds(builder: ForestBuilder, arrival: Int32Array): Pick<Frozen, 'actionStart' | 'actionEnd'> {
  if (builder.actions.size === 0) return { actionStart: null, actionEnd: null };
  const { start, values } = inOrder(builder.trajectories.actionStart, builder.trajectories.actionEnd, arrival);
  return { actionStart: start, actionEnd: values };
}
