/** Intervals of ratios by a bootstrap over tasks and rollouts, in steps that give way. */
import { quantile } from './quantile.ts';
import { sumRatios, type Ratios } from './ratios.ts';
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

export interface BootstrapPlan {
  readonly strata: Strata;
  readonly sets: Int32Array;
  readonly setCount: number;
  /** The set that others are held against. */
  readonly base: number;
  readonly resamples: number;
  readonly seed: number;
}

const LOW = 0.025;
const HIGH = 0.975;

/**
 * 95 % percentile intervals (Efron 1979) of all `ratios`, from the same draws. Yields after each draw; returns an answer for each.
 * Drawing both tasks and rollouts counts the spread within tasks about twice: the intervals are rather too wide than too narrow.
 */
export function* bootstrap(plan: BootstrapPlan, ratios: readonly Ratios[]): Generator<number, readonly BootstrapAnswer[]> {
  const { strata, sets, setCount, base, resamples } = plan;
  const resampler = makeResampler(strata, plan.seed);
  const times = new Uint32Array(sets.length);
  // ratio -> (set × cells + cell) × resamples + resample -> value
  const drawn = ratios.map(({ cells }) => new Float64Array(setCount * cells * resamples));
  for (let draw = 0; draw < resamples; draw++) {
    resampler.draw(times);
    for (const [i, ratio] of ratios.entries()) {
      const { top, below } = sumRatios(ratio, strata.members, sets, setCount, times);
      const out = drawn[i];
      for (let at = 0; at < top.length; at++) out[at * resamples + draw] = top[at] / below[at];
    }
    yield draw + 1;
  }
  return ratios.map((ratio, i) => {
    const { count } = sumRatios(ratio, strata.members, sets, setCount, null);
    return answerOf(drawn[i], count, ratio.cells, base, resamples);
  });
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
  const known = values.filter((value) => Number.isFinite(value)).sort();
  if (known.length * 2 < values.length || known.length < 2) return;
  low[at] = quantile(known, LOW);
  high[at] = quantile(known, HIGH);
}
