/** Turns a task of a frozen forest back into what a builder knew of it, so that trajectories can be added to it. */
import { grown, push, pushRun } from '../../base/growable.ts';
import { CHANNELS } from '../model/batch.ts';
import type { RolloutRow } from '../model/batch.ts';
import { KINDS, NONE } from '../model/kinds.ts';
import { intern, taskNode } from './build.ts';
import type { ForestBuilder } from './build.ts';
import { addNode, linkChild } from './builder-nodes.ts';
import { appendValues, reserveBlock } from './channel-sums.ts';
import type { Frozen } from './freeze.ts';
import { firstFrom, SURPRISAL } from './remainder.ts';

/**
 * Puts the tree of task `task` (NONE: it has none) with its rollouts into `builder`, which must not have the task yet.
 *
 * @param rollouts of the task, indices into the frozen rollouts. @param rowOf the row as it shall be from now on
 */
export function thawTask(
  builder: ForestBuilder,
  frozen: Frozen,
  task: number,
  rollouts: readonly number[],
  rowOf: (rollout: number) => RolloutRow,
): void {
  const rowIndex = new Map<number, number>();
  for (const rollout of rollouts) rowIndex.set(rollout, builder.rollouts.push(rowOf(rollout)) - 1);
  if (task === NONE) return;
  const { forest } = frozen;
  const first = forest.treeStart[task];
  const end = forest.treeStart[task + 1];
  const from = forest.edgeStart[first];
  const to = forest.edgeStart[end];
  const poolStart = pushRun(builder.pool, keysOf(builder, frozen, from, to), 0, to - from);
  const columns = CHANNELS.map((channel) => forest.channels[channel]);
  if (columns.some((column) => column !== null)) appendValues(builder.sums, columns, from, to, poolStart);
  const { nodes } = builder;
  const above = taskNode(builder, frozen.tasks[task].key);
  const base = nodes.length;
  for (let n = first; n < end; n++) {
    const node = addNode(nodes, poolStart + forest.edgeStart[n] - from, forest.edgeStart[n + 1] - forest.edgeStart[n]);
    nodes.reach[node] = forest.reachCount[n];
    nodes.sampled[node] = forest.sampledCount[n];
    nodes.kinds[node] = forest.kinds[n];
    // `mixed` is found again when freezing, and never ends once it is so.
    nodes.flags[node] = forest.flags[n];
    nodes.endings[node] = forest.endings[n];
    if (forest.tool[n] !== NONE) nodes.tool[node] = intern(builder.tools, forest.tools[forest.tool[n]]);
    linkChild(nodes, builder.pool.data, forest.parent[n] === NONE ? above : base + forest.parent[n] - first, node);
  }
  thawRemainder(builder, frozen, base - first, first, end);
  thawTrajectories(builder, frozen, task, base - first, rowIndex);
}

/** Keys as the builder numbers them. */
function keysOf(builder: ForestBuilder, { forest, actions }: Frozen, from: number, to: number): Int32Array {
  const keys = forest.edgeTokens.subarray(from, to);
  if (actions.length === 0) return keys;
  const numbers = new Map<number, number>();
  return keys.map((key) => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = intern(builder.actions, actions[key])));
    return number;
  });
}

function thawRemainder({ nodes, sums }: ForestBuilder, { remainder }: Frozen, shift: number, first: number, end: number): void {
  const { votesNode, votes, sumsNode, sumsStart } = remainder;
  for (let k = firstFrom(votesNode, first); k < votesNode.length && votesNode[k] < end; k++) {
    nodes.votesRow[votesNode[k] + shift] = pushRun(nodes.votes, votes, k * KINDS.length, (k + 1) * KINDS.length);
  }
  for (let k = firstFrom(sumsNode, first); k < sumsNode.length && sumsNode[k] < end; k++) {
    const [from, to] = [sumsStart[k], sumsStart[k + 1]];
    const block = reserveBlock(sums, to - from);
    nodes.block[sumsNode[k] + shift] = block;
    for (let c = 0; c < CHANNELS.length; c++) {
      const sum = remainder.sum[c];
      const count = remainder.count[c];
      if (sum === null || count === null) continue;
      (sums.sum[c] = grown(sums.sum[c] ?? new Float64Array(0), sums.blockLength)).set(sum.subarray(from, to), block);
      (sums.count[c] = grown(sums.count[c] ?? new Int32Array(0), sums.blockLength)).set(count.subarray(from, to), block);
      if (c !== SURPRISAL || remainder.square === null) continue;
      (sums.square = grown(sums.square ?? new Float64Array(0), sums.blockLength)).set(remainder.square.subarray(from, to), block);
    }
  }
}

function thawTrajectories(
  builder: ForestBuilder,
  frozen: Frozen,
  task: number,
  shift: number,
  rowIndex: ReadonlyMap<number, number>,
): void {
  const { forest, actionStart, actionEnd } = frozen;
  const { trajectories: table } = forest;
  const { nodes, trajectories } = builder;
  for (let i = forest.trajectoryStart[task]; i < forest.trajectoryStart[task + 1]; i++) {
    const t = forest.trajectoryOrder[i];
    const leaf = table.leaf[t] + shift;
    const index = push(trajectories.rollout, rowIndex.get(table.rollout[t])!);
    push(trajectories.branch, table.branch[t]);
    push(trajectories.tokenCount, table.tokenCount[t]);
    push(trajectories.reward, table.reward[t]);
    push(trajectories.advantage, table.advantage[t]);
    push(trajectories.nextEnd, nodes.ends[leaf]);
    nodes.ends[leaf] = index;
    push(trajectories.sampledStart, trajectories.sampledRuns.length);
    pushRun(trajectories.sampledRuns, table.sampledRuns, table.sampledStart[t], table.sampledStart[t + 1]);
    if (actionStart === null || actionEnd === null) continue;
    push(trajectories.actionStart, trajectories.actionEnd.length);
    pushRun(trajectories.actionEnd, actionEnd, actionStart[t], actionStart[t + 1]);
  }
}
