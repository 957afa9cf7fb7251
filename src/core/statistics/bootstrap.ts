/** Intervals of ratios by a bootstrap over tasks and rollouts, in steps that give way. */
import { percentiles } from './draws.ts';
import { sumRatios, type Ratios, type Sums } from './ratios.ts';
import { makeResampler } from './resample.ts';
import type { Strata } from './strata.ts';

/** By set and cell (index set × cells + cell); NaN where there is no interval. */
export interface Intervals {
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
}

export interface BootstrapAnswer {
  readonly value: Intervals;
  /** Of the value minus that of the base set; and of that over the base set's value, where no draw has one that is not above 0. */
  readonly difference: Intervals;
  readonly change: Intervals;
}

/**
 * Two sums of each task as a whole (index task × sets + set), from which over all tasks the number follows: for what the rollouts of a
 * task have in common, which a rollout that is drawn twice would change.
 */
export interface TaskSums {
  readonly top: Float64Array;
  readonly below: Float64Array;
  readonly number: (top: number, below: number) => number;
}

export interface BootstrapPlan {
  readonly strata: Strata;
  /** rollout -> task */
  readonly task: Int32Array;
  readonly sets: Int32Array;
  readonly setCount: number;
  /** The set that others are held against. */
  readonly base: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * 95 % percentile intervals (Efron 1979) of all `ratios` and then of `wholes`, from the same draws. Yields after each draw; returns an
 * answer for each. Of wholes only tasks are drawn, so those of one task have no interval.
 * Drawing both tasks and rollouts counts the spread within tasks about twice: the intervals are rather too wide than too narrow.
 */
export function* bootstrap(
  plan: BootstrapPlan,
  ratios: readonly Ratios[],
  wholes: readonly TaskSums[],
): Generator<number, readonly BootstrapAnswer[]> {
  const { strata, sets, setCount, base, resamples } = plan;
  const resampler = makeResampler(strata, plan.seed);
  const times = new Uint32Array(sets.length);
  const tasks = Int32Array.from(strata.clusterStart.slice(0, -1), (first) => plan.task[strata.members[strata.stratumStart[first]]]);
  const clusters = new Uint32Array(tasks.length);
  // ratio -> (set × cells + cell) × resamples + resample -> value
  const drawn = ratios.map(({ cells }) => new Float64Array(setCount * cells * resamples));
  const drawnWholes = wholes.map(() => new Float64Array(setCount * resamples));
  for (let draw = 0; draw < resamples; draw++) {
    resampler.draw(times, clusters);
    for (const [i, ratio] of ratios.entries()) {
      const { top, below } = sumRatios(ratio, strata.members, sets, setCount, times);
      const out = drawn[i];
      for (let at = 0; at < top.length; at++) out[at * resamples + draw] = top[at] / below[at];
    }
    for (const [i, whole] of wholes.entries()) {
      const { top, below } = sumTasks(whole, tasks, setCount, clusters);
      for (let set = 0; set < setCount; set++) drawnWholes[i][set * resamples + draw] = whole.number(top[set], below[set]);
    }
    yield draw + 1;
  }
  const answers = ratios.map((ratio, i) => {
    const { count } = sumRatios(ratio, strata.members, sets, setCount, null);
    return answerOf(drawn[i], count, ratio.cells, base, resamples);
  });
  const ofWholes = wholes.map((whole, i) => answerOf(drawnWholes[i], sumTasks(whole, tasks, setCount, null).count, 1, base, resamples));
  return [...answers, ...ofWholes];
}

/**
 * By set; `count`: tasks that add something below.
 * @param tasks cluster -> task. @param times cluster -> how often it counts; null: once
 */
function sumTasks(whole: TaskSums, tasks: Int32Array, setCount: number, times: Uint32Array | null): Sums {
  const [top, below, count] = [0, 1, 2].map(() => new Float64Array(setCount));
  for (let cluster = 0; cluster < tasks.length; cluster++) {
    const weight = times === null ? 1 : times[cluster];
    for (let set = 0; set < setCount; set++) {
      const at = tasks[cluster] * setCount + set;
      top[set] += weight * whole.top[at];
      below[set] += weight * whole.below[at];
      if (whole.below[at] !== 0) count[set] += weight;
    }
  }
  return { top, below, count };
}

/** @param count rollouts that a number rests on: of one alone nothing can be drawn */
function answerOf(drawn: Float64Array, count: Float64Array, cells: number, base: number, resamples: number): BootstrapAnswer {
  const { length } = count;
  const answer = { value: emptyIntervals(length), difference: emptyIntervals(length), change: emptyIntervals(length) };
  for (let at = 0; at < length; at++) {
    if (count[at] < 2) continue;
    const values = drawn.subarray(at * resamples, (at + 1) * resamples);
    put(answer.value, at, values);
    const beside = base * cells + (at % cells);
    if (beside === at || count[beside] < 2) continue;
    const bases = drawn.subarray(beside * resamples, (beside + 1) * resamples);
    const differences = values.map((value, i) => value - bases[i]);
    put(answer.difference, at, differences);
    if (bases.some((value) => value <= 0)) continue;
    const changes = values.map((value, i) => value / bases[i] - 1);
    put(answer.change, at, changes);
  }
  return answer;
}

function emptyIntervals(length: number): Intervals {
  return { low: new Float64Array(length).fill(Number.NaN), high: new Float64Array(length).fill(Number.NaN) };
}

/** A draw may lack what a set is about; where more than half of them do, there is no interval. */
function put({ low, high }: Intervals, at: number, values: Float64Array): void {
  [low[at], high[at]] = percentiles(values);
}
