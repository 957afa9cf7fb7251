/**
 * The queue core against closed forms: seeded runs, so that nothing here is left to chance. Waits in a queue depend on each other, so the
 * interval is of means of batches that are long against the queue's memory, by Student's t at 99.9 %.
 */
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';
import { waitsOf } from './queue.ts';
import { waitOfMDc, waitOfMG1, waitOfMMc } from './closed-forms.ts';

const JOBS = 400_000;
const BATCHES = 40;
/** The 0.9995 quantile of Student's t with 39 degrees of freedom. */
const T = 3.558;

function interval(waits: Float64Array): { readonly low: number; readonly high: number; readonly half: number; readonly mean: number } {
  const warm = waits.subarray(waits.length / 10);
  const size = Math.floor(warm.length / BATCHES);
  const means = Array.from(
    { length: BATCHES },
    (_, b) => warm.subarray(b * size, (b + 1) * size).reduce((sum, wait) => sum + wait, 0) / size,
  );
  const mean = means.reduce((sum, one) => sum + one, 0) / BATCHES;
  const spread = Math.sqrt(means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (BATCHES - 1) / BATCHES);
  return { low: mean - T * spread, high: mean + T * spread, half: T * spread, mean };
}

/** Poisson arrivals, and service times as `serve` makes them of a uniform number. */
function run(seed: number, lambda: number, slots: number, serve: (uniform: number) => number): ReturnType<typeof interval> {
  const random = makeRandom(seed);
  const exponential = (rate: number): number => -Math.log(1 - random()) / rate;
  const arrivals = new Float64Array(JOBS);
  for (let i = 0; i < JOBS; i++) arrivals[i] = (arrivals[i - 1] ?? 0) + exponential(lambda);
  const services = Float64Array.from(arrivals, () => serve(random()));
  return interval(waitsOf(arrivals, services, slots));
}

function expectWithin({ low, high, half, mean }: ReturnType<typeof interval>, closed: number): void {
  expect(closed).toBeGreaterThan(low);
  expect(closed).toBeLessThan(high);
  // The interval says something.
  expect(half / mean).toBeLessThan(0.1);
}

const exponentialOf = (mean: number) => (uniform: number) => -Math.log(1 - uniform) * mean;

describe('the queue core', () => {
  it.each([
    [1, 0.7, 1],
    [2, 1.6, 4],
    [3, 6, 8],
  ])('waits as M/M/c does: seed %i, %d arrivals a service, %i slots', (seed, lambda, slots) => {
    expectWithin(run(seed, lambda, slots, exponentialOf(1)), waitOfMMc(lambda, 1, slots));
  });

  it.each([
    [11, 0.7, 1],
    [12, 3.2, 4],
    [13, 6.4, 8],
  ])('waits as M/D/c does: seed %i, %d arrivals a service, %i slots', (seed, lambda, slots) => {
    expectWithin(
      run(seed, lambda, slots, () => 1),
      waitOfMDc(lambda, 1, slots),
    );
  });

  it('waits as Pollaczek and Khinchine say, whatever the service times', () => {
    // Half of the services take .2, half 1.4.
    const second = (0.2 ** 2 + 1.4 ** 2) / 2;
    expectWithin(
      run(21, 0.75, 1, (uniform) => (uniform < 0.5 ? 0.2 : 1.4)),
      waitOfMG1(0.75, 0.8, second),
    );
  });

  it('has closed forms that agree where they meet', () => {
    expect(waitOfMDc(0.7, 1, 1)).toBeCloseTo(waitOfMG1(0.7, 1, 1), 9);
    expect(waitOfMMc(0.7, 1, 1)).toBeCloseTo(waitOfMG1(0.7, 1, 2), 12);
  });

  it('would notice one slot too many', () => {
    const { low, high } = run(2, 1.6, 4, exponentialOf(1));
    const wrong = waitOfMMc(1.6, 1, 5);
    expect(wrong < low || wrong > high).toBe(true);
  });
});
