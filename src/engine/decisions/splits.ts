/** Where runs part ways: the forks of a task, or of the log, that explain most of the rewards. */
import { forkFigures, rankForks, type RankedFork } from '../../core/decisions/fork-figures.ts';
import { meanInterval } from '../../core/decisions/mean-interval.ts';
import { NONE } from '../../core/model/kinds.ts';
import { nodeKeyOf } from '../../core/model/node-key.ts';
import type { SplitRow, SplitsAnswer, SplitSide } from '../answers/decisions.ts';
import type { Dataset } from '../dataset.ts';
import { shares, stepAt, wayGroup } from './fork.ts';
import { representativeOf } from './representative.ts';
import { decisionRewards } from './rewards.ts';

/** @param task null: of the log. @param count rows at most */
export function splitsAnswer(dataset: Dataset, task: number | null, count: number): SplitsAnswer {
  const { forest } = dataset.actions;
  const rewards = decisionRewards(dataset);
  const { forks, forkCount, rankedCount } = rankForks(forest, rewards, task, count);
  const { tasks, rollouts } = dataset.tokens;
  const mine = task === null ? rollouts : rollouts.filter((row) => row.task === tasks[task]?.key);
  const known = task === null ? rewards.ofTask.reduce((sum, { n }) => sum + n, 0) : (rewards.ofTask[task]?.n ?? 0);
  return {
    rows: forks.flatMap((fork) => rowOf(dataset, fork) ?? []),
    method: rewards.method,
    forkCount,
    rankedCount,
    rollouts: mine.length,
    known,
  };
}

function rowOf(dataset: Dataset, { task, node }: RankedFork): SplitRow | null {
  const { forest } = dataset.actions;
  const rewards = decisionRewards(dataset);
  const { ways, split } = forkFigures(forest, rewards, task, node);
  if (split === null) return null;
  const side = (at: number): SplitSide => {
    const way = ways[at];
    if (way === undefined)
      return {
        ...meanInterval(split.rest, rewards.method),
        rollouts: split.rest.n,
        unknown: 0,
        step: null,
        ways: split.pooled,
        representative: null,
      };
    const step = way.node === NONE ? null : stepAt(forest, way.node);
    return { ...wayGroup(way, rewards.method), step, ways: 1, representative: representativeOf(dataset, way) };
  };
  return {
    ...shares(dataset, split),
    task,
    key: node === NONE ? null : nodeKeyOf(forest.keys, node),
    after: node === NONE ? null : stepAt(forest, node),
    level: node === NONE ? 0 : (forest.depth[node] ?? 0) + 1,
    wayCount: ways.length,
    best: side(split.best),
    worst: side(split.worst),
  };
}
