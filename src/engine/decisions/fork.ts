/** One fork of a task's action tree: who goes which way, how that goes for them, and a rollout to read for each. */
import { forkFigures, together, type WayFigures } from '../../core/decisions/fork-figures.ts';
import { meanInterval, type IntervalMethod } from '../../core/decisions/mean-interval.ts';
import { isDecision, runFrom, waysFrom } from '../../core/decisions/ways.ts';
import { FLAG, NONE } from '../../core/model/kinds.ts';
import { locateNode, nodeKeyOf, type NodeKey } from '../../core/model/node-key.ts';
import type { Forest } from '../../core/model/forest.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { DecisionStep, DecisionWay, ForkAnswer, ForkSplit, GroupFigures } from '../answers/decisions.ts';
import type { Dataset } from '../dataset.ts';
import { kindAt, labelOf } from '../naming.ts';
import { representativeOf } from './representative.ts';
import { decisionRewards } from './rewards.ts';

/** Steps of a run that an answer names. */
const MOST_RUN = 200;

/**
 * Null where the action tree has no such node, or nobody parts there.
 * @param key null: before the task's first step. @param shown ways at most; the others are summed
 */
export function forkAnswer(dataset: Dataset, task: number, key: NodeKey | null, shown: number): ForkAnswer | null {
  const { forest } = dataset.actions;
  const node = key === null ? NONE : locateNode(forest.keys, key);
  if (key !== null && (node === NONE || taskOf(forest, node) !== task)) return null;
  if (!isDecision(forest, task, node)) return null;
  const rewards = decisionRewards(dataset);
  const { ways, several, split } = forkFigures(forest, rewards, task, node);
  const { method } = rewards;
  const sorted = [...ways].sort((a, b) => b.rollouts.length - a.rollouts.length);
  const rest = sorted.slice(shown);
  return {
    task,
    key,
    level: node === NONE ? 0 : (forest.depth[node] ?? 0) + 1,
    all: wayGroup(together(rewards, ways), method),
    method,
    ways: sorted.slice(0, shown).map((way) => wayAnswer(dataset, task, way, method)),
    wayCount: ways.length,
    others: rest.length === 0 ? null : wayGroup(together(rewards, rest), method),
    several,
    split: split && shares(dataset, split),
  };
}

/** All rollouts of a task as one way, with the steps that all of them begin with. */
export function beginning(dataset: Dataset, task: number): DecisionWay {
  const { forest } = dataset.actions;
  const rewards = decisionRewards(dataset);
  const all = { node: NONE, from: forest.trajectoryStart[task] ?? 0, to: forest.trajectoryStart[task + 1] ?? 0 };
  const group = together(rewards, forkFigures(forest, rewards, task, NONE).ways);
  const way = { ...all, ...group };
  const parts = isDecision(forest, task, NONE);
  const first = forest.treeStart[task] ?? 0;
  const figures = { ...wayGroup(group, rewards.method), step: null, representative: representativeOf(dataset, way) };
  if (parts) return { ...figures, run: [], runLength: 0, fork: null, ways: waysFrom(forest, task, NONE).length };
  return { ...figures, ...runAnswer(dataset, task, runFrom(forest, task, first)) };
}

/** As the share of a task's, and of all tasks'. */
export function shares(
  dataset: Dataset,
  split: { readonly explained: number; readonly share: number; readonly pooled: number },
): ForkSplit {
  const whole = decisionRewards(dataset).ofTask.reduce((sum, { squares }) => sum + squares, 0);
  return { share: split.share, shareOfLog: whole > 0 ? split.explained / whole : 0, pooled: split.pooled };
}

export function stepAt(forest: Forest, node: number): DecisionStep {
  return {
    key: nodeKeyOf(forest.keys, node),
    label: labelOf(forest, node),
    kind: kindAt(forest, node),
    isError: ((forest.flags[node] ?? 0) & FLAG.error) !== 0,
  };
}

export function wayGroup({ rollouts, rewards }: Pick<WayFigures, 'rollouts' | 'rewards'>, method: IntervalMethod): GroupFigures {
  return { rollouts: rollouts.length, unknown: rollouts.length - rewards.n, ...meanInterval(rewards, method) };
}

function wayAnswer(dataset: Dataset, task: number, way: WayFigures, method: IntervalMethod): DecisionWay {
  const { forest } = dataset.actions;
  const figures = wayGroup(way, method);
  const representative = representativeOf(dataset, way);
  if (way.node === NONE) return { ...figures, step: null, run: [], runLength: 0, fork: null, ways: 0, representative };
  const [, ...run] = runFrom(forest, task, way.node);
  return { ...figures, step: stepAt(forest, way.node), ...runAnswer(dataset, task, run, way.node), representative };
}

/** @param before the step before the run, for one without steps */
function runAnswer(
  { actions: { forest } }: Dataset,
  task: number,
  run: readonly number[],
  before = NONE,
): Pick<DecisionWay, 'run' | 'runLength' | 'fork' | 'ways'> {
  const last = run.at(-1) ?? before;
  const parts = isDecision(forest, task, last);
  return {
    run: run.slice(0, MOST_RUN).map((node) => stepAt(forest, node)),
    runLength: run.length,
    fork: parts ? nodeKeyOf(forest.keys, last) : null,
    ways: parts ? waysFrom(forest, task, last).length : 0,
  };
}
