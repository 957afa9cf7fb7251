/** What one action of the action tree is: who did it, how that went for them and for the others, and what they did next. */
import { NONE } from '../core/model/kinds.ts';
import { locateNode, nodeKeyOf, type NodeKey } from '../core/model/node-key.ts';
import { rolloutKeyOf } from '../core/rollouts/rollout-key.ts';
import type { Forest } from '../core/model/forest.ts';
import { pathTo, taskOf, trajectoriesThrough } from '../core/tree/navigate.ts';
import { decodeTokens, type Tokenizer } from '../core/tokens/tokenizer.ts';
import type { ActionAnswer } from './answers/looking.ts';
import type { Dataset } from './dataset.ts';
import { kindAt, labelOf, toolAt } from './naming.ts';
import type { ReadBack } from './read-back.ts';
import { readability } from './reading.ts';

/** Trajectories described with an action; `throughTotal` says how many there are. */
const THROUGH = 64;

/** Null where the action tree has no node of that key. */
export async function actionAnswer(dataset: Dataset, readBack: ReadBack, tokenizer: Tokenizer, key: NodeKey): Promise<ActionAnswer | null> {
  const { forest } = dataset.actions;
  const node = locateNode(forest.keys, key);
  if (node === NONE) return null;
  const task = taskOf(forest, node);
  const through = trajectoriesThrough(forest, node);
  const everyone = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
  const passing = new Set(through);
  const next: number[] = [];
  for (let child = node + 1; child < (forest.subtreeEnd[node] ?? 0); child = forest.subtreeEnd[child] ?? Infinity) next.push(child);
  const goOn = next.reduce((sum, child) => sum + (forest.reachCount[child] ?? 0), 0);
  const path = pathTo(forest, node);
  const first = through[0] ?? NONE;
  const tokenNode = tokenNodeOf(dataset, first, forest.depth[node] ?? 0);
  const { readable } = await readability(dataset, readBack, tokenizer, first);
  const textOf = (trajectory: number, at: number): string | null =>
    readable ? textUpTo(dataset, tokenizer, trajectory, forest.depth[at] ?? 0) : null;
  return {
    task,
    key,
    kind: kindAt(forest, node),
    tool: toolAt(forest, node),
    level: path.length - 1,
    reachCount: through.length,
    trajectories: everyone.length,
    ends: through.length - goOn,
    reward: meanReward(forest, through),
    rewardOfOthers: meanReward(
      forest,
      everyone.filter((trajectory) => !passing.has(trajectory)),
    ),
    next: next
      .map((child) => ({
        key: nodeKeyOf(forest.keys, child),
        label: labelOf(forest, child),
        kind: kindAt(forest, child),
        reachCount: forest.reachCount[child] ?? 0,
        reward: meanReward(forest, trajectoriesThrough(forest, child)),
        detail: detailOf(textOf(trajectoriesThrough(forest, child)[0] ?? NONE, child)),
      }))
      .sort((a, b) => b.reachCount - a.reachCount),
    text: plainOf(textOf(first, node)),
    path: Array.from(path, (at) => ({ key: nodeKeyOf(forest.keys, at), label: labelOf(forest, at), kind: kindAt(forest, at) })),
    tokenNode: tokenNode === null ? null : nodeKeyOf(dataset.tokens.forest.keys, tokenNode),
    through: Array.from(through.subarray(0, THROUGH), (trajectory) => whoseTrajectory(dataset, trajectory)),
    throughTotal: through.length,
  };
}

/** The node of the token tree in which a trajectory completes its action number `index`. */
export function tokenNodeOf(
  { tokens: { forest }, actions: { actionStart, actionEnd } }: Dataset,
  trajectory: number,
  index: number,
): number | null {
  const end = actionEnd?.[(actionStart?.[trajectory] ?? 0) + index];
  if (end === undefined) return null;
  let node = forest.trajectories.leaf[trajectory] ?? NONE;
  while (node !== NONE && (forest.depth[node] ?? 0) >= end) node = forest.parent[node] ?? NONE;
  return node === NONE ? null : node;
}

/** Text of a trajectory's action number `index`: from where the one before it ends, as far back as the kind and the tool are its own. */
function textUpTo(dataset: Dataset, tokenizer: Tokenizer, trajectory: number, index: number): string | null {
  const {
    tokens: { forest },
    actions: { actionStart, actionEnd },
  } = dataset;
  const from = actionStart?.[trajectory] ?? 0;
  const before = index === 0 ? 0 : (actionEnd?.[from + index - 1] ?? 0);
  const end = actionEnd?.[from + index] ?? 0;
  const last = tokenNodeOf(dataset, trajectory, index);
  if (last === null) return null;
  const runs: Int32Array[] = [];
  for (let node = last; node !== NONE; node = forest.parent[node] ?? NONE) {
    const depth = forest.depth[node] ?? 0;
    const run = forest.edgeTokens.subarray(forest.edgeStart[node], forest.edgeStart[node + 1]);
    if (depth + run.length <= before || forest.kind[node] !== forest.kind[last] || forest.tool[node] !== forest.tool[last]) break;
    runs.push(run.subarray(Math.max(0, before - depth), end - depth));
  }
  const ids = runs.toReversed().flatMap((run) => Array.from(run));
  return decodeTokens(tokenizer, ids);
}

function plainOf(text: string | null): string | null {
  return text === null ? null : withoutMarks(text);
}

/** Without marks of templates, which say nothing of the action. */
export function withoutMarks(text: string): string {
  return text.replace(/<\|[\w-]+\|>|<\/?tool_call>/g, '').trim();
}

/** The arguments of a call that is spelt as JSON on one line, or null. */
export function callArguments(plain: string): string | null {
  return /"arguments": ?(.*?)\}?$/.exec(plain)?.[1] ?? null;
}

/** Longest detail, characters. */
const DETAIL = 160;

function detailOf(text: string | null): string | null {
  const plain = plainOf(text)?.replace(/\s+/g, ' ') ?? null;
  if (plain === null) return null;
  const detail = callArguments(plain) ?? plain;
  return detail.length > DETAIL ? `${detail.slice(0, DETAIL)}…` : detail;
}

/** Over trajectories with a known reward; NaN where none has one. */
function meanReward(forest: Forest, trajectories: Int32Array): number {
  const known = trajectories.filter((trajectory) => !Number.isNaN(forest.trajectories.reward[trajectory]));
  return known.reduce((sum, trajectory) => sum + (forest.trajectories.reward[trajectory] ?? 0), 0) / known.length;
}

function whoseTrajectory({ actions: { forest, rollouts }, tokens, opening }: Dataset, trajectory: number): ActionAnswer['through'][number] {
  // Rows of both trees are the same rollouts; the token tree's have lines counted from the file's start.
  const index = forest.trajectories.rollout[trajectory] ?? 0;
  const row = tokens.rollouts[index] ?? rollouts[index];
  return {
    trajectory,
    rollout: row?.id ?? '',
    rolloutKey: row === undefined ? '' : rolloutKeyOf(opening.inputs[row.source]?.path ?? '', row),
    branch: forest.trajectories.branch[trajectory] ?? 0,
    reward: forest.trajectories.reward[trajectory] ?? NaN,
    file: opening.inputs[row?.source ?? 0]?.path ?? '',
    line: row?.line ?? 0,
  };
}
