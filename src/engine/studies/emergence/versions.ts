/** Figures by version: how they change from one to another, by a trend, and on the tasks that both have. */
import { figureOf, measureChanges, commonTasks, taskWeights, type ChangeFigure, type ChangePlan } from '../../../core/emergence/changes.ts';
import { distanceByChance } from '../../../core/emergence/mix.ts';
import { strataOf } from '../../../core/statistics/strata.ts';
import type { Estimate } from '../../../core/statistics/draws.ts';
import { EXCHANGES, type EmergenceQuestion, type VersionsAnswer } from '../../answers/emergence.ts';
import { BOOTSTRAP_SEED } from '../../answers/statistics.ts';
import type { PlotInput } from '../../plots/plot.ts';
import { EMERGENCE_FIGURES } from './figures.ts';
import type { Steps } from './steps.ts';
import type { VersionSets } from './version-sets.ts';

/** What a share of the change of a figure is reckoned by. */
export interface VersionChange {
  readonly by: 'common tasks' | 'all rollouts';
  readonly estimate: Estimate;
  /** Over other rollouts drawn. @param times rollout -> how often it counts; null: once */
  readonly of: (times: Uint32Array | null) => number;
}

export interface VersionsFound {
  readonly answer: VersionsAnswer;
  /** Null: the log has no such figure. */
  readonly changeOf: (figure: string) => VersionChange | null;
}

/** Tasks that both sets must have before their change is that on common tasks. */
const LEAST_COMMON = 2;

/** @param order rollouts as the forest has them */
export async function compareVersions(
  input: PlotInput,
  found: VersionSets,
  order: Int32Array,
  { split, to: wanted, resamples }: Pick<EmergenceQuestion, 'split' | 'to' | 'resamples'>,
  steps: Steps,
): Promise<VersionsFound> {
  const { rollouts, dataset } = input;
  const { sets, bits, versions } = found;
  const base = split !== null && 'by' in split ? split.base : null;
  const from = Math.max(
    0,
    sets.findIndex(({ name }) => name === base),
  );
  const last = sets.length - 1 === from ? from - 1 : sets.length - 1;
  const named = sets.findIndex(({ name }) => name === wanted);
  const to = named < 0 || named === from ? last : named;
  const figures = EMERGENCE_FIGURES.flatMap(({ id, measure }) => {
    const figure = measure(input);
    return figure === null ? [] : [{ id, figure }];
  });
  const { tools } = dataset.tokens.forest;
  const mix = input.turns.calls.some((calls) => calls > 0) ? input.turns.toolCalls : null;
  const strata = strataOf(order, rollouts.task, bits);
  const plan: ChangePlan = {
    strata,
    rollouts: rollouts.length,
    resamples,
    seed: BOOTSTRAP_SEED,
    task: rollouts.task,
    sets: bits,
    setCount: sets.length,
    from,
    to,
    versions,
    figures: figures.map(({ figure }) => figure),
    mix,
  };
  const measured = await steps.run('versions', measureChanges(plan), resamples);
  const byChance =
    mix === null
      ? Number.NaN
      : await steps.run(
          'versions',
          distanceByChance(
            mix,
            { members: strata.members, task: rollouts.task, sets: bits, a: from, b: to },
            { draws: EXCHANGES, seed: BOOTSTRAP_SEED },
          ),
          EXCHANGES,
        );
  const changes = new Map(figures.map(({ id }, f) => [id, measured.figures[f]]));
  return {
    answer: {
      by: found.by,
      sets: sets.map((set, s) => ({ ...set, version: versions?.[s] ?? null })),
      left: found.left,
      from,
      to,
      commonTasks: measured.commonTasks,
      figures: figures.flatMap(({ id }) => {
        const change = changes.get(id);
        return change === undefined ? [] : [{ id, ...change }];
      }),
      mix: measured.mix === null ? null : { tools, ...measured.mix, byChance },
    },
    changeOf(id) {
      const change = changes.get(id);
      const figure = figures.find((one) => one.id === id)?.figure;
      if (change === undefined || figure === undefined) return null;
      const isCommon = measured.commonTasks >= LEAST_COMMON;
      return {
        by: isCommon ? 'common tasks' : 'all rollouts',
        estimate: isCommon ? change.paired.difference : change.difference,
        of: differenceOf(plan, figure, isCommon),
      };
    },
  };
}

function differenceOf(plan: ChangePlan, figure: ChangeFigure, isCommon: boolean): VersionChange['of'] {
  const { strata, sets, from, to } = plan;
  const weights = isCommon ? taskWeights(plan, commonTasks(plan)) : null;
  const weightOf =
    (set: number) =>
    (r: number): number =>
      weights === null ? ((sets[r] ?? 0) >> set) & 1 : (weights[set]?.[r] ?? 0);
  return (times) => figureOf(figure, strata.members, weightOf(to), times) - figureOf(figure, strata.members, weightOf(from), times);
}
