/** Turns what a builder knows into the frozen forest: pre-order columns that do not depend on the order of arrival. */
import { CHANNELS, FLAG, NONE } from '../model.ts';
import type { Forest, RolloutRow, TaskRow, TrajectoryTable } from '../model.ts';
import type { ForestBuilder } from './build.ts';
import { majorityKind } from './builder-nodes.ts';
import { largestSpread, writeMeans } from './channel-sums.ts';

export interface Frozen {
  readonly forest: Forest;
  /** In the order of first appearance in the inputs. */
  readonly tasks: TaskRow[];
  /** In the order of the inputs: source, byte offset, member. */
  readonly rollouts: RolloutRow[];
  /** key -> canonical action; empty where keys are token ids */
  readonly actions: readonly string[];
  /** trajectory -> first entry of `actionEnd`, trajectories + 1 entries; null where keys are token ids */
  readonly actionStart: Int32Array<ArrayBuffer> | null;
  /** Token position at which each action of a trajectory is complete; null where keys are token ids. */
  readonly actionEnd: Int32Array<ArrayBuffer> | null;
}

/** The forest as of now. The builder is left as it is and may go on. */
export function freeze(builder: ForestBuilder): Frozen {
  const { rollouts, rank: rolloutRank } = orderRollouts(builder.rollouts);
  const arrival = orderTrajectories(builder, rolloutRank);
  const trajectoryRank = inverse(arrival);
  const { tasks, nodes: taskNodes } = orderTasks(builder, rollouts);
  const tools = [...builder.tools.keys()].sort();
  const toolRank = [...builder.tools.keys()].map(indexIn(tools));
  const actions = [...builder.actions.keys()].sort();
  const actionRank = [...builder.actions.keys()].map(indexIn(actions));

  const { nodes, pool, sums } = builder;
  const length = nodes.length - taskNodes.length;
  const int32 = (size = length) => new Int32Array(size);
  const parent = int32();
  const subtreeEnd = int32();
  const edgeStart = int32(length + 1);
  const depth = int32();
  const reachCount = int32();
  const reachStart = int32();
  const sampledCount = int32();
  const tool = int32();
  const kind = new Uint8Array(length);
  const kinds = new Uint16Array(length);
  const flags = new Uint8Array(length);
  const treeStart = int32(tasks.length + 1);
  const trajectoryStart = int32(tasks.length + 1);
  const trajectoryOrder = int32(arrival.length);
  const leaf = int32(arrival.length);
  const spread = sums.square === null && sums.first[CHANNELS.indexOf('surprisal')] === null ? null : new Float32Array(length);
  const pooled = new Int32Array(length);

  const firstKey = actions.length === 0 ? (node: number) => pool.data[nodes.start[node]] : (node: number) => actionRank[pool.data[nodes.start[node]]];
  // Entries are a builder node and the frozen node above it. Children are pushed last first.
  const stack: number[] = [];
  const siblings: number[] = [];
  const pushChildren = (node: number, above: number) => {
    siblings.length = 0;
    for (let child = nodes.firstChild[node]; child !== NONE; child = nodes.nextSibling[child]) siblings.push(child);
    if (siblings.length > 1) siblings.sort((a, b) => firstKey(b) - firstKey(a));
    for (const child of siblings) stack.push(child, above);
  };
  let n = 0;
  let ended = 0;
  const ending: number[] = [];
  for (let task = 0; task < tasks.length; task++) {
    treeStart[task] = n;
    trajectoryStart[task] = ended;
    pushChildren(taskNodes[task], NONE);
    while (stack.length > 0) {
      const above = stack.pop()!;
      const node = stack.pop()!;
      pooled[n] = node;
      parent[n] = above;
      subtreeEnd[n] = n + 1;
      edgeStart[n + 1] = edgeStart[n] + nodes.run[node];
      depth[n] = above === NONE ? 0 : depth[above] + edgeStart[above + 1] - edgeStart[above];
      reachCount[n] = nodes.reach[node];
      reachStart[n] = ended;
      sampledCount[n] = nodes.sampled[node];
      tool[n] = nodes.tool[node] === NONE ? NONE : toolRank[nodes.tool[node]];
      kind[n] = majorityKind(nodes, node);
      kinds[n] = nodes.kinds[node];
      const mixed = (kinds[n] & (kinds[n] - 1)) !== 0 || (sampledCount[n] !== 0 && sampledCount[n] !== reachCount[n]);
      flags[n] = mixed ? nodes.flags[node] | FLAG.mixed : nodes.flags[node];
      if (spread !== null) spread[n] = largestSpread(sums, nodes.block[node], nodes.run[node]);
      // Those that end here come before those that go on; among themselves in the order of the inputs.
      ending.length = 0;
      for (let t = nodes.ends[node]; t !== NONE; t = builder.trajectories.nextEnd.data[t]) ending.push(trajectoryRank[t]);
      if (ending.length > 1) ending.sort((a, b) => a - b);
      for (const t of ending) {
        trajectoryOrder[ended++] = t;
        leaf[t] = n;
      }
      pushChildren(node, n);
      n++;
    }
  }
  treeStart[tasks.length] = n;
  trajectoryStart[tasks.length] = ended;
  // Children come after their parent, the last of them last: one backward pass closes every subtree.
  for (let i = length - 1; i >= 0; i--) {
    const above = parent[i];
    if (above !== NONE && subtreeEnd[above] < subtreeEnd[i]) subtreeEnd[above] = subtreeEnd[i];
  }

  const edgeTokens = new Int32Array(edgeStart[length]);
  const channels = CHANNELS.map((_, c) => (sums.first[c] === null && sums.sum[c] === null ? null : new Float32Array(edgeTokens.length)));
  for (let i = 0; i < length; i++) {
    const node = pooled[i];
    const start = nodes.start[node];
    const run = nodes.run[node];
    edgeTokens.set(pool.data.subarray(start, start + run), edgeStart[i]);
    for (let c = 0; c < channels.length; c++) {
      const out = channels[c];
      if (out !== null) writeMeans(sums, c, start, nodes.block[node], run, out, edgeStart[i]);
    }
  }
  if (actions.length > 0) for (let i = 0; i < edgeTokens.length; i++) edgeTokens[i] = actionRank[edgeTokens[i]];

  const forest: Forest = {
    length, parent, subtreeEnd, edgeStart, edgeTokens, depth, reachCount, reachStart, sampledCount, kind, kinds, flags, tool, tools,
    treeStart, trajectoryStart, trajectoryOrder, trajectories: trajectoryTable(builder, arrival, rolloutRank, leaf),
    channels: { entropy: channels[0], entropyLow: channels[1], entropyHigh: channels[2], surprisal: channels[3], advantage: channels[4] },
    surprisalSpread: spread,
  };
  return { forest, tasks, rollouts, actions, ...actionEnds(builder, arrival) };
}

/** The rows in the order of the inputs, and for each row of the builder its place among them. */
function orderRollouts(rows: readonly RolloutRow[]): { rollouts: RolloutRow[]; rank: Int32Array } {
  const order = Int32Array.from(rows, (_, i) => i);
  order.sort((a, b) => compareRollouts(rows[a], rows[b]));
  return { rollouts: Array.from(order, (i) => rows[i]), rank: inverse(order) };
}

function compareRollouts(a: RolloutRow, b: RolloutRow): number {
  return a.source - b.source || a.byteOffset - b.byteOffset || a.member - b.member || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** frozen trajectory -> builder trajectory: by rollout, then branch. */
function orderTrajectories(builder: ForestBuilder, rolloutRank: Int32Array): Int32Array {
  const { rollout, branch } = builder.trajectories;
  const order = Int32Array.from({ length: rollout.length }, (_, t) => t);
  return order.sort((a, b) => rolloutRank[rollout.data[a]] - rolloutRank[rollout.data[b]] || branch.data[a] - branch.data[b]);
}

function orderTasks(builder: ForestBuilder, rollouts: readonly RolloutRow[]): { tasks: TaskRow[]; nodes: number[] } {
  const labels = new Map<string, string>();
  // A rollout whose trajectories have not arrived names no tree yet.
  for (const row of rollouts) if (builder.taskNodes.has(row.task) && !labels.has(row.task)) labels.set(row.task, row.taskLabel);
  const tasks = Array.from(labels, ([key, label]) => ({ key, label }));
  return { tasks, nodes: tasks.map(({ key }) => builder.taskNodes.get(key)!) };
}

function trajectoryTable(builder: ForestBuilder, arrival: Int32Array, rolloutRank: Int32Array, leaf: Int32Array): TrajectoryTable {
  const { rollout, branch, tokenCount, reward, advantage } = builder.trajectories;
  return {
    length: arrival.length,
    rollout: arrival.map((t) => rolloutRank[rollout.data[t]]),
    branch: arrival.map((t) => branch.data[t]),
    leaf,
    tokenCount: arrival.map((t) => tokenCount.data[t]),
    reward: Float64Array.from(arrival, (t) => reward.data[t]),
    advantage: Float64Array.from(arrival, (t) => advantage.data[t]),
  };
}

/** The builder's action ends with its trajectories put in frozen order. */
function actionEnds(builder: ForestBuilder, arrival: Int32Array): Pick<Frozen, 'actionStart' | 'actionEnd'> {
  const { actionStart, actionEnd, tokenCount } = builder.trajectories;
  if (builder.actions.size === 0) return { actionStart: null, actionEnd: null };
  const start = new Int32Array(arrival.length + 1);
  const end = new Int32Array(actionEnd.length);
  for (let t = 0; t < arrival.length; t++) {
    const from = actionStart.data[arrival[t]];
    const count = tokenCount.data[arrival[t]];
    end.set(actionEnd.data.subarray(from, from + count), start[t]);
    start[t + 1] = start[t] + count;
  }
  return { actionStart: start, actionEnd: end };
}

function indexIn(sorted: readonly string[]): (name: string) => number {
  const index = new Map(sorted.map((name, i) => [name, i]));
  return (name) => index.get(name)!;
}

function inverse(order: Int32Array): Int32Array {
  const rank = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;
  return rank;
}
