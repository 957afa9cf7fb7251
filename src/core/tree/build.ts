/**
 * Builds the prefix forest: trajectories in any order, from any number of batches, merged on equal leading keys.
 *
 * Insertion walks down from the task's node one segment at a time, so that every run ends where any segment of any
 * trajectory ends, and where trajectories part or stop. Tokens already in the tree are compared in place; only the
 * part of a trajectory that is new goes into the pool, once.
 */
import { makeGrowable, push, pushRun } from '../../base/growable.ts';
import type { Growable } from '../../base/growable.ts';
import { endingsOf, FLAG, isAtomic, NONE } from '../model/kinds.ts';
import type { RolloutRow, TrajectoryBatch } from '../model/batch.ts';
import type { ActionBatch } from './actions.ts';
import { addNode, cutNode, findChild, linkChild, makeBuilderNodes, passNode } from './builder-nodes.ts';
import type { BuilderNodes } from './builder-nodes.ts';
import { addValues, appendValues, makeChannelSums, openBlock } from './channel-sums.ts';
import type { ChannelSums } from './channel-sums.ts';
import { pushSampledRuns } from './sampled.ts';

type Int32 = Int32Array<ArrayBuffer>;

/** Columns number tokens with Int32: more distinct tokens than this cannot be told apart. */
const MAX_TOKENS = 2 ** 31 - 1;

/** What a builder knows so far; `freeze` reads it, only `add` writes it. */
export interface ForestBuilder {
  readonly add: (batch: TrajectoryBatch | ActionBatch) => void;
  /** Longest run of a node. */
  readonly blockTokens: number;
  /** Most distinct tokens. */
  readonly maxTokens: number;
  readonly pool: Growable<Int32>;
  readonly nodes: BuilderNodes;
  readonly sums: ChannelSums;
  readonly rollouts: RolloutRow[];
  /** task key -> the node of length 0 above its roots */
  readonly taskNodes: Map<string, number>;
  /** tool name -> its number, as in `nodes.tool` */
  readonly tools: Map<string, number>;
  /** action name -> key in the pool; empty where keys are token ids */
  readonly actions: Map<string, number>;
  readonly trajectories: BuilderTrajectories;
}

/** trajectory, in the order of arrival -> … */
interface BuilderTrajectories {
  readonly rollout: Growable<Int32>;
  readonly branch: Growable<Int32>;
  readonly tokenCount: Growable<Int32>;
  readonly reward: Growable<Float64Array<ArrayBuffer>>;
  readonly advantage: Growable<Float64Array<ArrayBuffer>>;
  /** trajectory -> next one that ends with the same node */
  readonly nextEnd: Growable<Int32>;
  /** trajectory -> its first entry of `sampledRuns` */
  readonly sampledStart: Growable<Int32>;
  /** as in `TrajectoryTable` */
  readonly sampledRuns: Growable<Int32>;
  /** trajectory -> its first entry of `actionEnd`; only where keys are actions */
  readonly actionStart: Growable<Int32>;
  /** token position at which each key's action is complete */
  readonly actionEnd: Growable<Int32>;
}

/**
 * An empty builder. Batches may come in any order; the frozen forest does not depend on it.
 * `maxNodeTokens` also cuts every segment into blocks of that many tokens, counted from the segment's start.
 */
export function makeForestBuilder({
  maxNodeTokens = null,
  maxTokens = MAX_TOKENS,
}: { readonly maxNodeTokens?: number | null; readonly maxTokens?: number } = {}): ForestBuilder {
  if (maxNodeTokens !== null && !(Number.isInteger(maxNodeTokens) && maxNodeTokens > 0)) {
    throw new Error(`maxNodeTokens: expected a whole number of tokens above 0, found ${maxNodeTokens}`);
  }
  const builder: ForestBuilder = {
    blockTokens: maxNodeTokens ?? 2 ** 31,
    maxTokens,
    add: (batch) => addBatch(builder, batch),
    pool: makeGrowable(Int32Array, 1024),
    nodes: makeBuilderNodes(),
    sums: makeChannelSums(),
    rollouts: [],
    taskNodes: new Map(),
    tools: new Map(),
    actions: new Map(),
    trajectories: {
      rollout: makeGrowable(Int32Array),
      branch: makeGrowable(Int32Array),
      tokenCount: makeGrowable(Int32Array),
      reward: makeGrowable(Float64Array),
      advantage: makeGrowable(Float64Array),
      nextEnd: makeGrowable(Int32Array),
      sampledStart: makeGrowable(Int32Array),
      sampledRuns: makeGrowable(Int32Array),
      actionStart: makeGrowable(Int32Array),
      actionEnd: makeGrowable(Int32Array),
    },
  };
  return builder;
}

/** Inserts every trajectory of the batch. Throws on a trajectory without tokens and on segments that do not tile theirs. */
function addBatch(builder: ForestBuilder, batch: TrajectoryBatch | ActionBatch): void {
  if (builder.pool.length + batch.tokens.length > builder.maxTokens) {
    throw new RangeError(
      `a forest holds at most ${builder.maxTokens.toLocaleString('en')} distinct tokens, ` +
        `and ${builder.pool.length.toLocaleString('en')} are in it: open fewer files at once`,
    );
  }
  const firstRollout = builder.rollouts.length;
  for (const row of batch.rollouts) builder.rollouts.push(row);
  const tools = Int32Array.from(batch.tools, (name) => intern(builder.tools, name));
  const tokens = 'actionEnd' in batch ? internKeys(builder, batch) : batch.tokens;
  const toolNames = [...builder.tools.keys()];
  const hasValues = batch.channels.some((column) => column !== null);
  const { trajectories } = builder;
  for (let t = 0; t < batch.trajectoryRollout.length; t++) {
    const row = batch.rollouts[batch.trajectoryRollout[t]];
    if (row === undefined) throw new Error(`trajectory ${t} names rollout ${batch.trajectoryRollout[t]} of ${batch.rollouts.length}`);
    const from = batch.trajectoryStart[t];
    const to = batch.trajectoryStart[t + 1];
    if (!(to > from)) throw new Error(`trajectory ${t} of rollout ${row.id} has no tokens`);
    const task = taskNode(builder, row.task);
    const leaf = insert(builder, batch, t, task, tokens, tools, toolNames, hasValues);
    const index = push(trajectories.rollout, firstRollout + batch.trajectoryRollout[t]);
    push(trajectories.branch, batch.trajectoryBranch[t]);
    push(trajectories.tokenCount, to - from);
    push(trajectories.reward, ownOr(batch.trajectoryReward, t, row.reward));
    push(trajectories.advantage, ownOr(batch.trajectoryAdvantage, t, row.advantage));
    push(trajectories.nextEnd, builder.nodes.ends[leaf]);
    builder.nodes.ends[leaf] = index;
    push(trajectories.sampledStart, trajectories.sampledRuns.length);
    pushSampledRuns(trajectories.sampledRuns, batch, t);
    if ('actionEnd' in batch) {
      push(trajectories.actionStart, trajectories.actionEnd.length);
      pushRun(trajectories.actionEnd, batch.actionEnd, from, to);
    }
  }
}

function ownOr(column: Float64Array | undefined, t: number, ofRollout: number | null): number {
  const own = column === undefined ? Number.NaN : column[t];
  return Number.isNaN(own) ? (ofRollout ?? Number.NaN) : own;
}

/** The number of a name, given in order of arrival. */
export function intern(numbers: Map<string, number>, name: string): number {
  let number = numbers.get(name);
  if (number === undefined) numbers.set(name, (number = numbers.size));
  return number;
}

/** A batch numbers its actions for itself; the builder numbers them for all batches. */
function internKeys(builder: ForestBuilder, batch: ActionBatch): Int32Array {
  const keys = Int32Array.from(batch.actions, (name) => intern(builder.actions, name));
  return batch.tokens.map((key) => keys[key]);
}

/** The node of length 0 above the roots of a task, made where there is none. */
export function taskNode(builder: ForestBuilder, task: string): number {
  let node = builder.taskNodes.get(task);
  if (node === undefined) builder.taskNodes.set(task, (node = addNode(builder.nodes, 0, 0)));
  return node;
}

/** Walks trajectory `t` down from `node`; returns the node that holds its last token. */
function insert(
  builder: ForestBuilder,
  batch: TrajectoryBatch,
  t: number,
  node: number,
  tokens: Int32Array,
  tools: Int32Array,
  toolNames: readonly string[],
  hasValues: boolean,
): number {
  const { nodes, pool, sums, blockTokens } = builder;
  const { channels, segmentStart, segmentFlags, segmentKind, segmentTool, segmentEndings } = batch;
  const end = batch.trajectoryStart[t + 1];
  const segmentEnd = batch.trajectorySegment[t + 1];
  let at = batch.trajectoryStart[t];
  if (batch.trajectorySegment[t] === segmentEnd || segmentStart[batch.trajectorySegment[t]] !== at) {
    throw new Error(`the segments of trajectory ${t} start at ${segmentStart[batch.trajectorySegment[t]]}, expected ${at}`);
  }
  // From the first token that the tree lacks, the trajectory's place in the pool is `at + fresh`.
  let fresh = 0;
  let isNew = false;
  for (let s = batch.trajectorySegment[t]; s < segmentEnd; s++) {
    const first = at;
    const stop = s + 1 < segmentEnd ? segmentStart[s + 1] : end;
    if (stop < at) throw new Error(`segment ${s} starts at ${segmentStart[s]} and ends at ${stop}`);
    const tool = segmentTool[s] === NONE ? NONE : tools[segmentTool[s]];
    const kind = segmentKind[s];
    const flags = segmentFlags[s];
    const endings = segmentEndings === undefined ? endingsOf(kind, flags) : segmentEndings[s];
    while (at < stop) {
      let child = isNew ? NONE : findChild(nodes, pool.data, node, tokens[at]);
      const blockStop = first + (Math.floor((at - first) / blockTokens) + 1) * blockTokens;
      let length = (blockStop < stop ? blockStop : stop) - at;
      if (child === NONE) {
        if (!isNew) {
          isNew = true;
          fresh = pushRun(pool, tokens, at, end) - at;
          if (hasValues) appendValues(sums, channels, at, end, at + fresh);
        }
        child = addNode(nodes, at + fresh, length);
        linkChild(nodes, pool.data, node, child);
      } else {
        const run = nodes.run[child];
        const most = length < run ? length : run;
        const known = pool.data;
        const shift = nodes.start[child] - at;
        let i = at + 1;
        const last = at + most;
        while (i < last && known[i + shift] === tokens[i]) i++;
        length = i - at;
        if (length < run) cutNode(nodes, child, length);
        if (hasValues) {
          if (nodes.block[child] === NONE) nodes.block[child] = openBlock(sums, nodes.start[child], length);
          addValues(sums, channels, at, length, nodes.block[child]);
        }
      }
      at += length;
      const isWhole = at === stop;
      // Between the blocks of a segment a path may end, except inside a call or a result.
      const mayEnd = isWhole || (at === blockStop && !isAtomic(kind));
      passNode(nodes, child, kind, mayEnd ? flags : flags | FLAG.open, isWhole ? endings : 0);
      if (tool !== NONE && tool !== nodes.tool[child] && (nodes.tool[child] === NONE || toolNames[tool] < toolNames[nodes.tool[child]])) {
        // Where trajectories name different tools, the first name in code unit order stands for all.
        nodes.tool[child] = tool;
      }
      node = child;
    }
  }
  return node;
}
