/** Bootstraps: what is drawn, the same numbers each time, a closed form on much data, and how often the truth lies inside. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';
import { bootstrap, type BootstrapAnswer } from '../../../../src/core/statistics/bootstrap.ts';
import { denseRatios, sumRatios } from '../../../../src/core/statistics/ratios.ts';
import { makeResampler } from '../../../../src/core/statistics/resample.ts';
import { strataOf } from '../../../../src/core/statistics/strata.ts';
import { allSteps } from '../../../helpers/allSteps.ts';

const identity = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);

interface Case {
  readonly values: Float64Array;
  readonly task: Int32Array;
  readonly sets: Int32Array;
  readonly setCount?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

function intervals({ values, task, sets, setCount = 1, resamples = 400, seed = 0 }: Case): BootstrapAnswer {
  const strata = strataOf(identity(values.length), task, sets);
  return allSteps(bootstrap({ strata, task, sets, setCount, base: 0, resamples, seed }, [denseRatios(values, null)], []))[0]!;
}

/** Two uniform numbers make a normal one (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('strata', () => {
  it('part the rollouts of sets by block, task and sets; sets with a task in common are one block', () => {
    const rollout = fc.record({ task: fc.nat({ max: 5 }), sets: fc.nat({ max: 7 }) });
    fc.assert(
      fc.property(fc.array(rollout, { maxLength: 30 }), (rollouts) => {
        const task = Int32Array.from(rollouts, (one) => one.task);
        const sets = Int32Array.from(rollouts, (one) => one.sets);
        const strata = strataOf(identity(rollouts.length), task, sets);
        expect([...strata.members].sort((a, b) => a - b)).toEqual([...identity(rollouts.length)].filter((r) => sets[r] !== 0));
        const blockOfTask = new Map<number, number>();
        const blockOfSet = new Map<number, number>();
        for (let b = 0; b + 1 < strata.blockStart.length; b++) {
          for (let c = strata.blockStart[b]!; c < strata.blockStart[b + 1]!; c++) {
            const tasks = new Set<number>();
            for (let s = strata.clusterStart[c]!; s < strata.clusterStart[c + 1]!; s++) {
              const own = strata.members.subarray(strata.stratumStart[s], strata.stratumStart[s + 1]);
              expect(new Set([...own].map((r) => `${task[r]} ${sets[r]}`)).size).toBe(1);
              tasks.add(task[own[0]!]!);
              for (let bit = 0; bit < 3; bit++)
                if (((sets[own[0]!]! >> bit) & 1) === 1) {
                  expect(blockOfSet.get(bit) ?? b).toBe(b);
                  blockOfSet.set(bit, b);
                }
            }
            expect(tasks.size).toBe(1);
            for (const t of tasks) {
              expect(blockOfTask.has(t)).toBe(false);
              blockOfTask.set(t, b);
            }
          }
        }
      }),
    );
  });

  it('keep how many rollouts each set has in a task that is drawn', () => {
    const task = Int32Array.of(0, 0, 0, 0, 0);
    const sets = Int32Array.of(1, 1, 2, 3, 0);
    const times = new Uint32Array(5);
    const strata = strataOf(identity(5), task, sets);
    const resampler = makeResampler(strata, 7);
    const clusters = new Uint32Array(strata.clusterStart.length - 1);
    for (let i = 0; i < 20; i++) {
      resampler.draw(times, clusters);
      expect([times[0]! + times[1]!, times[2], times[3], times[4]]).toEqual([2, 1, 1, 0]);
    }
  });
});

describe('sums', () => {
  it('are those of a loop over each set', () => {
    const rollout = fc.record({
      top: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -9, max: 9 })),
      below: fc.oneof(fc.constant(Number.NaN), fc.nat({ max: 9 })),
      sets: fc.nat({ max: 3 }),
      times: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(rollout, { maxLength: 20 }), (rollouts) => {
        const ratios = denseRatios(
          Float64Array.from(rollouts, ({ top }) => top),
          Float64Array.from(rollouts, ({ below }) => below),
        );
        const sets = Int32Array.from(rollouts, (one) => one.sets);
        const times = Uint32Array.from(rollouts, (one) => one.times);
        const { top, below } = sumRatios(ratios, identity(rollouts.length), sets, 2, times);
        for (const set of [0, 1]) {
          const own = rollouts.filter((one) => ((one.sets >> set) & 1) === 1 && !Number.isNaN(one.top + one.below));
          expect(top[set]).toBe(own.reduce((sum, one) => sum + one.times * one.top, 0));
          expect(below[set]).toBe(own.reduce((sum, one) => sum + one.times * one.below, 0));
        }
      }),
    );
  });
});

describe('an interval', () => {
  const random = makeRandom(1);
  const many = Float64Array.from({ length: 4000 }, () => 10 + normal(random));

  it('is the same for the same seed, and another for another', () => {
    const small = { values: many.subarray(0, 50), task: new Int32Array(50), sets: new Int32Array(50).fill(1) };
    expect(intervals(small)).toEqual(intervals(small));
    expect(intervals({ ...small, seed: 1 })).not.toEqual(intervals(small));
  });

  it('of the mean of many values is mean ± 1.96 standard errors', () => {
    const { value } = intervals({ values: many, task: new Int32Array(4000), sets: new Int32Array(4000).fill(1), resamples: 2000 });
    const mean = many.reduce((sum, one) => sum + one, 0) / 4000;
    const error = Math.sqrt(many.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 4000 / 4000);
    // Of 2,000 draws the ends of an interval vary by some 3 % of its half.
    for (const half of [mean - value.low[0]!, value.high[0]! - mean]) expect(Math.abs(half / (1.96 * error) - 1)).toBeLessThan(0.09);
  });

  it('of a change is that of the ratio, and there is none where the base may be 0', () => {
    const values = Float64Array.from({ length: 4000 }, (_, r) => (r % 2 === 0 ? 10 : 8) + normal(random));
    const sets = Int32Array.from({ length: 4000 }, (_, r) => 1 << (r % 2));
    const { difference, change } = intervals({ values, task: new Int32Array(4000), sets, setCount: 2, resamples: 2000 });
    // Standard error of a difference of two means of 2,000 values of variance 1.
    const error = Math.sqrt(2 / 2000);
    expect(Math.abs((difference.high[1]! - difference.low[1]!) / (2 * 1.96 * error) - 1)).toBeLessThan(0.09);
    expect(change.low[1]).toBeLessThan(-0.2 + 0.01);
    expect(change.high[1]).toBeGreaterThan(-0.2 - 0.01);
    expect(change.high[1]! - change.low[1]!).toBeLessThan(0.02);
    expect([difference.low[0], change.low[0]]).toEqual([Number.NaN, Number.NaN]);
    const around = values.map((value) => value - 10);
    expect(intervals({ values: around, task: new Int32Array(4000), sets, setCount: 2 }).change.low[1]).toBeNaN();
  });

  it('of tasks as wholes is that of rollouts where each task has one, and none where there is one task', () => {
    const one = fc.record({ top: fc.nat({ max: 9 }), below: fc.integer({ min: 1, max: 9 }), sets: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (tasks) => {
        const [top, below] = (['top', 'below'] as const).map((side) => Float64Array.from(tasks, (own) => own[side]));
        const sets = Int32Array.from(tasks, (own) => own.sets);
        const task = identity(tasks.length);
        const bySet = (column: Float64Array): Float64Array =>
          Float64Array.from({ length: 2 * tasks.length }, (_, at) => ((sets[at >> 1]! >> (at & 1)) & 1 ? column[at >> 1]! : 0));
        const plan = { strata: strataOf(task, task, sets), task, sets, setCount: 2, base: 0, resamples: 40, seed: 3 };
        const [ofRollouts, ofTasks] = allSteps(
          bootstrap(plan, [denseRatios(top!, below!)], [{ top: bySet(top!), below: bySet(below!), number: (a, b) => a / b }]),
        );
        expect(ofTasks).toEqual(ofRollouts);
        if (tasks.length === 1) expect(ofTasks?.value.low).toEqual(Float64Array.of(Number.NaN, Number.NaN));
      }),
    );
  });

  it('is none where there is one rollout at most', () => {
    const one = intervals({ values: Float64Array.of(3, Number.NaN), task: Int32Array.of(0, 0), sets: Int32Array.of(1, 1) });
    expect(one.value.low[0]).toBeNaN();
  });

  it('of rollouts of one task holds the truth about as often as it says', () => {
    const inside = coverage(200, (draw) => ({
      task: new Int32Array(40),
      values: Float64Array.from({ length: 40 }, () => 5 + normal(draw)),
    }));
    expect(inside).toBeGreaterThan(0.88);
    expect(inside).toBeLessThan(0.99);
  });

  it('of rollouts whose tasks differ holds it too, which one that forgets tasks does not', () => {
    const tasks = 16;
    const draws = (draw: () => number): Pick<Case, 'task' | 'values'> => {
      const means = Float64Array.from({ length: tasks }, () => 5 + normal(draw));
      const task = Int32Array.from({ length: tasks * 8 }, (_, r) => Math.floor(r / 8));
      return { task, values: Float64Array.from(task, (t) => means[t]! + 0.5 * normal(draw)) };
    };
    expect(coverage(200, draws)).toBeGreaterThan(0.86);
    expect(coverage(200, (draw) => ({ ...draws(draw), task: new Int32Array(tasks * 8) }))).toBeLessThan(0.7);
  });
});

/** Share of drawn cases of mean 5 whose interval holds 5. */
function coverage(cases: number, draw: (random: () => number) => Pick<Case, 'task' | 'values'>): number {
  const random = makeRandom(11);
  let inside = 0;
  for (let i = 0; i < cases; i++) {
    const drawn = draw(random);
    const { value } = intervals({ ...drawn, sets: new Int32Array(drawn.values.length).fill(1), resamples: 300, seed: i });
    if (value.low[0]! <= 5 && value.high[0]! >= 5) inside++;
  }
  return inside / cases;
}
