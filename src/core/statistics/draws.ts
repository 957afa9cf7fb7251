/** Numbers of resampled rollouts, whatever they are: the same draws as `bootstrap`, for what is no ratio of two sums. */
import { quantile } from './quantile.ts';
import { makeResampler } from './resample.ts';
import type { Strata } from './strata.ts';

export interface DrawPlan {
  readonly strata: Strata;
  /** rollouts of the log */
  readonly rollouts: number;
  readonly resamples: number;
  readonly seed: number;
}

/** A number, and its 95 % interval; NaN: there is none. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const LOW = 0.025;
const HIGH = 0.975;

/**
 * What `numbersOf` writes of each draw: index number × resamples + draw. Yields after each draw.
 * @param numbersOf rollout -> how often it counts; writes `size` numbers, NaN where the draw lacks what one is about
 */
export function* drawNumbers(
  { strata, rollouts, resamples, seed }: DrawPlan,
  size: number,
  numbersOf: (times: Uint32Array, out: Float64Array) => void,
): Generator<number, Float64Array> {
  const resampler = makeResampler(strata, seed);
  const times = new Uint32Array(rollouts);
  const clusters = new Uint32Array(strata.clusterStart.length - 1);
  const out = new Float64Array(size);
  const drawn = new Float64Array(size * resamples);
  for (let draw = 0; draw < resamples; draw++) {
    resampler.draw(times, clusters);
    numbersOf(times, out);
    for (let i = 0; i < size; i++) drawn[i * resamples + draw] = out[i];
    yield draw + 1;
  }
  return drawn;
}

/** The middle 95 % of drawn values (Efron 1979); NaN where more than half of the draws have none. */
export function percentiles(values: Float64Array): readonly [low: number, high: number] {
  const known = values.filter((value) => Number.isFinite(value)).sort();
  if (known.length * 2 < values.length || known.length < 2) return [Number.NaN, Number.NaN];
  return [quantile(known, LOW), quantile(known, HIGH)];
}

/** A number with the middle 95 % of what was drawn of it. @param count rollouts that it rests on: of one alone nothing can be drawn */
export function estimate(value: number, drawn: Float64Array, count = 2): Estimate {
  const [low, high] = count < 2 ? [Number.NaN, Number.NaN] : percentiles(drawn);
  return { value, low, high };
}

/** The interval is there and leaves out 0. */
export function excludesZero({ low, high }: Estimate): boolean {
  return low > 0 || high < 0;
}
