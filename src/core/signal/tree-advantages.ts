/** Advantages that use where trajectories part: in the tree of their tokens, or in that of their actions. */
import { FLAG, NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { taskOf, trajectoriesThrough } from '../tree/navigate.ts';
import { hasSampled } from '../tree/sampled.ts';
import { describe, groupAdvantages, standardised, type AdvantageInput, type AdvantageWay } from './group-advantages.ts';
import { meanThrough } from './mean.ts';
import { ruledReward } from './ruled-reward.ts';

export const treeRl: AdvantageWay<'tree-rl'> = {
  id: 'tree-rl',
  label: 'TreeRL: by the node',
  help:
    '((V − V of the root) + (V − V of the node before)) / √(trajectories through it), V being their mean reward; ' +
    'arXiv 2506.11902. A trajectory has the value of its last node.',
  of({ forest }) {
    const values = treeRlNodes(forest);
    const reward = ruledReward(forest);
    return Float64Array.from(forest.trajectories.leaf, (leaf, t) => (Number.isNaN(reward[t]) ? Number.NaN : values[leaf]));
  },
  ofNodes: ({ forest }) => treeRlNodes(forest),
};

/**
 * The node before is the last one above at which trajectories part or end: our nodes also end where segments do, which makes
 * no difference to who passes. The root is the task. [ours]
 */
function treeRlNodes(forest: Forest): Float64Array<ArrayBuffer> {
  const reward = ruledReward(forest);
  const value = meanThrough(forest, reward);
  const known = meanThrough(
    forest,
    reward.map((each) => (Number.isNaN(each) ? 0 : 1)),
  );
  const tasks = taskGroups(forest, reward);
  const before = new Float64Array(forest.length);
  const advantage = new Float64Array(forest.length);
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    const { mean } = tasks[task];
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const parent = forest.parent[n];
      if (parent === NONE) before[n] = mean;
      else before[n] = forest.reachCount[n] === forest.reachCount[parent] ? before[parent] : value[parent];
      advantage[n] = (value[n] - mean + (value[n] - before[n])) / Math.sqrt(known[n] * forest.reachCount[n]);
    }
  }
  return advantage;
}

export const treeGrpo: AdvantageWay<'tree-grpo'> = {
  id: 'tree-grpo',
  label: 'Tree-GRPO: in the tree + in the group',
  help:
    '(r − mean)/std within its tree plus the same within its task; a tree is the trajectories that share their first ' +
    'sampled node; arXiv 2509.21240.',
  of({ forest }) {
    const inGroup = groupAdvantages(forest, standardised);
    const inTree = groupAdvantages(forest, standardised, (members) => treesOf(forest, members));
    return inGroup.map((value, t) => value + inTree[t]);
  },
};

/** Trajectories by the first node on their path that anybody sampled; one without any is a tree of its own. [ours] */
function treesOf(forest: Forest, members: Int32Array): Int32Array[] {
  const trees = new Map<number, number[]>();
  for (const t of members) {
    let first = -1 - t;
    for (let n = forest.trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) if ((forest.flags[n] & FLAG.sampled) !== 0) first = n;
    const tree = trees.get(first);
    if (tree === undefined) trees.set(first, [t]);
    else tree.push(t);
  }
  return Array.from(trees.values(), (tree) => Int32Array.from(tree));
}

export const gigpo: AdvantageWay<'gigpo'> = {
  id: 'gigpo',
  label: 'GiGPO: episode + step',
  help:
    '(r − mean)/std within the task, plus the same among those that had done the same actions before this step; ' +
    'arXiv 2505.10978 with ω = 1 and undiscounted returns.',
  of: ({ forest }) => groupAdvantages(forest, standardised),
  ofNodes: gigpoNodes,
};

/** States are the actions done so far: whatever was said in between. Averaged over those that sampled the node. [ours] */
function gigpoNodes({ forest, actions, among }: AdvantageInput): Float64Array<ArrayBuffer> {
  if (actions?.actionStart == null || actions.actionEnd === null) throw new Error('GiGPO: expected the tree of actions');
  const { actionStart, actionEnd } = actions;
  const { leaf } = forest.trajectories;
  const reward = ruledReward(forest);
  const episode = groupAdvantages(forest, standardised);
  const states = nodeGroups(actions.forest, reward);
  const tasks = taskGroups(forest, reward);
  const sum = new Float64Array(forest.length);
  const count = new Int32Array(forest.length);
  for (const t of forest.trajectoryOrder) {
    if (Number.isNaN(reward[t]) || among.trajectories.excluded?.[t] === 1) continue;
    const task = tasks[taskOf(forest, leaf[t])];
    let done = actionStart[t + 1] - actionStart[t];
    let state = actions.forest.trajectories.leaf[t];
    for (let n = leaf[t]; n !== NONE; n = forest.parent[n]) {
      while (done > 0 && actionEnd[actionStart[t] + done - 1] > forest.depth[n]) done--;
      if (among.sampledCount[n] > 0 && !hasSampled(among, t, n)) continue;
      // Up to the action that was done last, whose place on the path is done − 1.
      if (done > 0) while (actions.forest.depth[state] >= done) state = actions.forest.parent[state];
      const { mean, std, isFlat } = done > 0 ? states[state] : task;
      sum[n] += episode[t] + (isFlat ? 0 : (reward[t] - mean) / std);
      count[n]++;
    }
  }
  return sum.map((total, n) => (count[n] > 0 ? total / count[n] : Number.NaN));
}

type Group = ReturnType<typeof describe>;

/** node -> the rewards of those that pass it */
function nodeGroups(forest: Forest, reward: Float64Array): readonly Group[] {
  return Array.from({ length: forest.length }, (_, n) => groupOf(trajectoriesThrough(forest, n), reward));
}

function taskGroups({ trajectoryStart, trajectoryOrder }: Forest, reward: Float64Array): readonly Group[] {
  return Array.from({ length: trajectoryStart.length - 1 }, (_, task) =>
    groupOf(trajectoryOrder.subarray(trajectoryStart[task], trajectoryStart[task + 1]), reward),
  );
}

function groupOf(members: Int32Array, reward: Float64Array): Group {
  return describe(Array.from(members, (t) => reward[t]).filter((each) => !Number.isNaN(each)));
}
