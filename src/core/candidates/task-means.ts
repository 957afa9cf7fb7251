/** Means over tasks of figures at n = 1, 2, …, with intervals: tasks are drawn again, with replacement (Efron 1979), seeded. */
import { makeRandom } from '../prune/seeded.ts';
import { quantile } from '../statistics/quantile.ts';

/** n − 1 -> figure. */
export interface TaskMeans {
  /** Over the tasks that have a figure there; NaN: none has */
  readonly mean: Float64Array<ArrayBuffer>;
  /** 95 % percentile interval; NaN where fewer than two tasks have a figure */
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  readonly tasks: Int32Array<ArrayBuffer>;
}

/** Larger n have no interval: draws of them would hold everything up. */
const MOST_WITH_INTERVAL = 100;
const DRAWS = 1000;
const SEED = 1;
const TAIL = 0.025;

/**
 * Step by step, so that others can be heard between two n.
 * @param figures task -> n − 1 -> figure; of tasks that have fewer answers shorter. O(draws × all figures)
 */
export function* taskMeans(figures: readonly Float64Array[]): Generator<void, TaskMeans, void> {
  const length = figures.reduce((most, each) => Math.max(most, each.length), 0);
  const means = { mean: unknown(length), low: unknown(length), high: unknown(length), tasks: new Int32Array(length) };
  for (let n = 0; n < length; n++) {
    const known = Float64Array.from(figures.flatMap((each) => (n < each.length && !Number.isNaN(each[n]) ? [each[n]] : [])));
    means.tasks[n] = known.length;
    if (known.length === 0) continue;
    means.mean[n] = sum(known) / known.length;
    if (known.length < 2 || n >= MOST_WITH_INTERVAL) continue;
    const drawn = drawnMeans(known);
    means.low[n] = quantile(drawn, TAIL);
    means.high[n] = quantile(drawn, 1 - TAIL);
    yield;
  }
  return means;
}

function unknown(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(length).fill(Number.NaN);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function drawnMeans(known: Float64Array): Float64Array<ArrayBuffer> {
  const random = makeRandom(SEED);
  const means = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    let total = 0;
    for (let i = 0; i < known.length; i++) total += known[Math.floor(random() * known.length)];
    means[draw] = total / known.length;
  }
  return means.sort();
}
