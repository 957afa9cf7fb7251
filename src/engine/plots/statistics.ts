/** Answers a question about sets of rollouts: every plot's numbers, with intervals where they are asked for. */
import { bootstrap, type BootstrapAnswer, type BootstrapPlan, type TaskSums } from '../../core/statistics/bootstrap.ts';
import { binOf, edgesOf } from '../../core/statistics/histogram.ts';
import { ascending, quantile } from '../../core/statistics/quantile.ts';
import { sumRatios, type Ratios, type Sums } from '../../core/statistics/ratios.ts';
import { tokensOfSets } from '../../core/statistics/shared-tokens.ts';
import { lowest, strataOf, type Strata } from '../../core/statistics/strata.ts';
import { forestOrder } from '../../core/statistics/turn-table.ts';
import { BOOTSTRAP_SEED, type Histogram, type PlotAnswer, type StatisticsAnswer, type StatisticsQuestion } from '../answers/statistics.ts';
import type { Measure, Plot, PlotInput } from './plot.ts';
import { PLOTS } from './registry.ts';
import { setsOf, type Sets } from './sets.ts';
import { rangeTerm } from './term.ts';

interface Asked {
  readonly plot: Plot;
  readonly measure: Measure;
}

/**
 * @param match rollout -> 1 where a filter takes it. @param pause awaited between draws: gives way, rejects where nobody waits any
 * more. @param onProgress draws that are done, and all
 */
export async function statisticsOf(
  input: PlotInput,
  question: StatisticsQuestion,
  match: (text: string) => Promise<Uint8Array>,
  pause: () => Promise<void>,
  onProgress: (done: number, total: number) => void,
): Promise<StatisticsAnswer> {
  const { dataset, rollouts } = input;
  const { forest } = dataset.tokens;
  const taken = await match(question.where);
  const sets = await setsOf(rollouts, taken, question.split, match);
  const order = forestOrder(forest, rollouts.length);
  const strata = strataOf(order, rollouts.task, sets.bits);
  const asked = PLOTS.flatMap((plot): Asked[] => {
    const measure = plot.measure(input);
    return measure === null ? [] : [{ plot, measure }];
  });
  const shared = tokensOfSets(forest, sets.bits, sets.sets.length);
  const ratios = asked.flatMap(({ measure }) => measure.ratios ?? []);
  const ofTasks = asked.map(({ measure }) => measure.ofTasks?.(shared) ?? null);
  const wholes = ofTasks.filter((sums) => sums !== null);
  const plan = { strata, task: rollouts.task, sets: sets.bits, setCount: sets.sets.length, base: sets.base ?? 0 };
  const intervals =
    question.resamples > 0 ? await draw({ ...plan, resamples: question.resamples }, ratios, wholes, pause, onProgress) : null;
  const plots = asked.map(({ plot, measure }, i): PlotAnswer => {
    const whole = ofTasks[i] ?? null;
    const place = measure.ratios !== null ? ratios.indexOf(measure.ratios) : whole !== null ? ratios.length + wholes.indexOf(whole) : -1;
    const bounds = intervals?.[place];
    return { ...numbersOf(plot, measure, strata, sets, bounds), histogram: histogramOf(measure, strata, sets) };
    function numbersOf(plot: Plot, measure: Measure, strata: Strata, { bits, sets, base }: Sets, bounds: BootstrapAnswer | undefined) {
      const { top, below, count } =
        measure.ratios === null ? sumWhole(whole, sets) : sumRatios(measure.ratios, strata.members, bits, sets.length, null);
      const against = base === null ? null : bounds;
      return {
        id: plot.id,
        cells: measure.cells,
        value: top.map((sum, at) => (whole === null ? sum / (below[at] ?? 0) : whole.number(sum, below[at] ?? 0))),
        count,
        interval: bounds?.value ?? null,
        difference: against?.difference ?? null,
        change: against?.change ?? null,
      };
    }
  });
  return {
    ok: true,
    rollouts: { here: taken.reduce((sum, is) => sum + is, 0), of: rollouts.length },
    sets: sets.sets,
    left: sets.left,
    base: sets.base,
    bootstrap:
      question.resamples > 0
        ? { resamples: question.resamples, seed: BOOTSTRAP_SEED, unit: hasClusters(strata) ? 'tasks' : 'rollouts' }
        : null,
    plots,
  };
}

/** Over all tasks, by set; the count is of rollouts. */
function sumWhole(whole: TaskSums | null, sets: Sets['sets']): Sums {
  const sum = (column: Float64Array | undefined): Float64Array<ArrayBuffer> =>
    Float64Array.from(
      sets,
      (_, set) => column?.reduce((all, value, at) => (at % sets.length === set ? all + value : all), 0) ?? Number.NaN,
    );
  return { top: sum(whole?.top), below: sum(whole?.below), count: Float64Array.from(sets, ({ rollouts }) => rollouts) };
}

async function draw(
  plan: Omit<BootstrapPlan, 'seed'>,
  ratios: readonly Ratios[],
  wholes: readonly TaskSums[],
  pause: () => Promise<void>,
  onProgress: (done: number, total: number) => void,
): Promise<readonly BootstrapAnswer[]> {
  const steps = bootstrap({ ...plan, seed: BOOTSTRAP_SEED }, ratios, wholes);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onProgress(step.value, plan.resamples);
    await pause();
  }
}

/** Some tasks are drawn among others. */
function hasClusters({ blockStart }: Strata): boolean {
  return blockStart.some((start, block) => (blockStart[block + 1] ?? start) - start > 1);
}

function histogramOf({ values }: Measure, { members }: Strata, { bits, sets }: Sets): Histogram | null {
  if (values === undefined) return null;
  const known = ascending(Float64Array.from(members, (r) => values.of[r] ?? Number.NaN));
  const { at, kind } = edgesOf(known);
  const bins = Math.max(0, at.length - 1);
  const counts = new Float64Array(sets.length * bins);
  const own = sets.map((): number[] => []);
  for (const r of members) {
    const value = values.of[r] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const bin = binOf(at, value);
    for (let rest = bits[r] ?? 0; rest !== 0; rest &= rest - 1) {
      const set = lowest(rest);
      own[set]?.push(value);
      counts[set * bins + bin] = (counts[set * bins + bin] ?? 0) + 1;
    }
  }
  const terms = Array.from({ length: bins }, (_, i) => rangeTerm(values.column, at[i] ?? 0, at[i + 1] ?? 0));
  const spread = own.map((list) => {
    const sorted = Float64Array.from(list).sort();
    const place = (share: number): number => quantile(sorted, share);
    return { known: sorted.length, least: place(0), lower: place(0.25), median: place(0.5), upper: place(0.75), largest: place(1) };
  });
  return { edges: at.slice(), steps: kind, terms, counts, spread };
}
