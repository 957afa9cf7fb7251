/** What one node is, and why it is kept: the inspector's answer. */
import { KINDS, FLAG, NONE } from '../core/model/kinds.ts';
import { locateNode, nodeKeyOf, type NodeKey } from '../core/model/node-key.ts';
import type { Forest } from '../core/model/forest.ts';
import { rolloutKeyOf } from '../core/rollouts/rollout-key.ts';
import { explainNode } from '../core/prune/explain.ts';
import { ENTROPY_SOURCES } from '../core/signal/entropy-source.ts';
import { isFork, pathTo, taskOf, trajectoriesThrough } from '../core/tree/navigate.ts';
import type { NodeAnswer, NodeTrajectory, WhyAnswer } from './answers/looking.ts';
import { actReasons, rolloutVerb } from './acts/reasons.ts';
import { lossAnswer } from './training/loss-answer.ts';
import { nodeFigures } from './figures.ts';
import { kindAt, labelOf, toolAt } from './naming.ts';
import type { Keep, Ruling } from './ruled.ts';

/** Trajectories described with a node; `throughTotal` says how many there are. */
const THROUGH = 64;
/** Steps of the path that are named, from the node upwards: the others are counted. A path may have 100,000. */
const STEPS = 64;
/** Runs of a trajectory that its strip is drawn from: more than it has pixels. */
const RUNS = 512;

/** Null where the ruling's forest has no node of that key. */
export function nodeAnswer(ruling: Ruling, keep: Keep, key: NodeKey): NodeAnswer | null {
  const { forest } = ruling.problem;
  const node = locateNode(forest.keys, key);
  if (node === NONE) return null;
  const { scores } = ruling;
  const task = taskOf(forest, node);
  const path = pathTo(forest, node);
  const kinds = KINDS.filter((_, index) => ((forest.kinds[node] ?? 0) >> index) & 1);
  const known = scores.entropy.known[node] ?? 0;
  const sum = scores.entropy.sum[node] ?? 0;
  const source = ENTROPY_SOURCES[scores.entropy.source[node] ?? 0] ?? 'none';
  const tokens = length(forest, node);
  // Of what acts dropped, the counts are those that it had.
  const whole = ruling.dataset.tokens.forest;
  const counted = forest.excluded?.[node] === 1 ? whole : forest;
  const through = trajectoriesThrough(whole, node);
  return {
    task,
    key,
    kind: kindAt(forest, node),
    kinds,
    tool: toolAt(forest, node),
    sampled: (counted.sampledCount[node] ?? 0) > 0,
    sampledCount: counted.sampledCount[node] ?? 0,
    tokens,
    depth: forest.depth[node] ?? 0,
    level: path.length - 1,
    turn: turnOf(forest, path),
    reachCount: counted.reachCount[node] ?? 0,
    trajectories: (counted.trajectoryStart[task + 1] ?? 0) - (counted.trajectoryStart[task] ?? 0),
    entropy: {
      sum: known > 0 ? sum : NaN,
      mean: known > 0 ? sum / known : NaN,
      low: known > 0 ? (scores.entropy.low[node] ?? NaN) : NaN,
      high: known > 0 ? (scores.entropy.high[node] ?? NaN) : NaN,
      source,
      model: source === 'model' || source === 'combined' ? (ruling.model?.source ?? null) : null,
      modelScale: scores.entropy.by.shrinkage?.scale ?? 1,
      known,
      of: (forest.sampledCount[node] ?? 0) > 0 ? tokens : 0,
    },
    figures: nodeFigures(ruling, node),
    fork: forkOf(forest, task, path),
    children: childCount(forest, node),
    path: Array.from(path.subarray(-STEPS), (at) => ({
      key: nodeKeyOf(forest.keys, at),
      label: labelOf(forest, at),
      kind: kindAt(forest, at),
    })),
    pathHidden: Math.max(0, path.length - STEPS),
    why: whyAnswer(ruling, keep, node),
    through: Array.from(through.subarray(0, THROUGH), (trajectory) => nodeTrajectory(ruling, keep, trajectory)),
    throughTotal: through.length,
  };
}

function length(forest: Forest, node: number): number {
  return (forest.edgeStart[node + 1] ?? 0) - (forest.edgeStart[node] ?? 0);
}

/** Model turns begun on the path, this one included: runs of sampled nodes. */
export function turnOf(forest: Forest, path: Int32Array): number {
  let turns = 0;
  let inside = false;
  for (const node of path) {
    const sampled = ((forest.flags[node] ?? 0) & FLAG.sampled) !== 0;
    if (sampled && !inside) turns++;
    inside = sampled;
  }
  return turns;
}

/** The nearest fork at or above the node, numbered among its task's forks in depth-first order. */
function forkOf(forest: Forest, task: number, path: Int32Array): { index: number; of: number } | null {
  let at = path.length - 1;
  while (at >= 0 && !isFork(forest, path[at] ?? 0)) at--;
  let of = 0;
  let index = 0;
  for (let n = forest.treeStart[task] ?? 0; n < (forest.treeStart[task + 1] ?? 0); n++) {
    if (!isFork(forest, n)) continue;
    of++;
    if (at >= 0 && n === path[at]) index = of;
  }
  return of === 0 ? null : { index, of };
}

function childCount(forest: Forest, node: number): number {
  let count = 0;
  for (let child = node + 1; child < (forest.subtreeEnd[node] ?? 0); child = forest.subtreeEnd[child] ?? Infinity) count++;
  return count;
}

export function whyAnswer(ruling: Ruling, keep: Keep, node: number): WhyAnswer {
  const reason = explainNode(ruling.problem, ruling.order, keep.cut, node);
  const { protection } = reason;
  const joined = reason.unit.find((member) => member.node === node)?.joinedBy ?? null;
  return {
    kept: reason.kept,
    loss: lossAnswer(ruling, keep, node),
    rank: reason.rank,
    of: reason.ranks,
    signalPerCost: reason.cost > 0 ? reason.signal / reason.cost : 0,
    opensAt: reason.blockOpens,
    entersAt: reason.keptFrom,
    protection: protection.level,
    factor: protection.level === 'favour' ? protection.factor : 1,
    acts: actReasons(ruling, node),
    protectedAs: protection.level === 'off' ? [] : [protection.because],
    keptWith: reason.demandedByPin ? 'ancestor' : joined === 'pair' ? 'result' : joined,
    pinnedUnmet: protection.level === 'pin' && !reason.kept,
  };
}

/** A trajectory as runs from root to leaf; neighbours of one kind and fate are one run. */
function nodeTrajectory(ruling: Ruling, keep: Keep, trajectory: number): NodeTrajectory {
  const { dataset } = ruling;
  const { forest } = dataset.tokens;
  const table = forest.trajectories;
  const row = dataset.tokens.rollouts[table.rollout[trajectory] ?? 0];
  const path = pathTo(forest, table.leaf[trajectory] ?? 0);
  const limit = keep.cut.limit[taskOf(forest, path[0] ?? 0)] ?? 0;
  const kinds: number[] = [];
  const tokens: number[] = [];
  const kept: number[] = [];
  for (const node of path) {
    const kind = forest.kind[node] ?? 0;
    const isBlind = (dataset.tokens.forest.sampledCount[node] ?? 0) > 0 && keep.train.trainedOf(node) === 0;
    const isKept = (ruling.order.rank[node] ?? 0) >= limit ? 0 : isBlind ? 2 : 1;
    const last = kinds.length - 1;
    if (last >= 0 && kinds[last] === kind && kept[last] === isKept) tokens[last] = (tokens[last] ?? 0) + length(forest, node);
    else {
      kinds.push(kind);
      tokens.push(length(forest, node));
      kept.push(isKept);
    }
  }
  return {
    trajectory,
    rollout: row?.id ?? '',
    rolloutKey: row === undefined ? '' : rolloutKeyOf(dataset.opening.inputs[row.source]?.path ?? '', row),
    act: rolloutVerb(ruling, table.rollout[trajectory] ?? 0),
    branch: table.branch[trajectory] ?? 0,
    reward: table.reward[trajectory] ?? NaN,
    advantage: ruling.scores.trajectoryAdvantage[trajectory] ?? NaN,
    tokens: table.tokenCount[trajectory] ?? 0,
    ...fewerRuns(kinds, tokens, kept),
    file: dataset.opening.inputs[row?.source ?? 0]?.path ?? '',
    line: row?.line ?? 0,
  };
}

/** As they are up to `RUNS`; beyond, equal stretches of the trajectory, each as most of its tokens are. */
function fewerRuns(kinds: readonly number[], tokens: readonly number[], kept: readonly number[]) {
  if (kinds.length <= RUNS) return { runKind: Uint8Array.from(kinds), runTokens: Int32Array.from(tokens), runKept: Uint8Array.from(kept) };
  const total = tokens.reduce((sum, count) => sum + count, 0);
  const runKind = new Uint8Array(RUNS);
  const runTokens = new Int32Array(RUNS);
  const runKept = new Uint8Array(RUNS);
  const counts = new Map<number, number>();
  let run = 0;
  let left = tokens[0] ?? 0;
  for (let bin = 0; bin < RUNS; bin++) {
    let room = Math.floor(((bin + 1) * total) / RUNS) - Math.floor((bin * total) / RUNS);
    runTokens[bin] = room;
    counts.clear();
    while (room > 0 && run < kinds.length) {
      const taken = Math.min(room, left);
      const what = 4 * (kinds[run] ?? 0) + (kept[run] ?? 0);
      counts.set(what, (counts.get(what) ?? 0) + taken);
      room -= taken;
      left -= taken;
      if (left === 0) left = tokens[++run] ?? 0;
    }
    const [most = 0] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [];
    runKind[bin] = most >> 2;
    runKept[bin] = most & 3;
  }
  return { runKind, runTokens, runKept };
}
