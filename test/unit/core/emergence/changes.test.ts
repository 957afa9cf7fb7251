/** Changes between sets, trends and distances of mixes, against loops over the rollouts that a draw takes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureChanges, slopeOf, type ChangeFigure, type Changes } from '../../../../src/core/emergence/changes.ts';
import { distanceByChance as exchanges } from '../../../../src/core/emergence/mix.ts';
import { makeCellWriter } from '../../../../src/core/statistics/cell-writer.ts';
import { makeResampler } from '../../../../src/core/statistics/resample.ts';
import { strataOf } from '../../../../src/core/statistics/strata.ts';
import type { Estimate } from '../../../../src/core/statistics/draws.ts';
import { allSteps } from '../../../helpers/allSteps.ts';

interface Rollout {
  readonly task: number;
  readonly set: number;
  readonly top: number;
  readonly below: number;
  /** Calls of two tools. */
  readonly calls: readonly [number, number];
}

const RESAMPLES = 40;
const SETS = 3;
const VERSIONS = Float64Array.of(10, 20, 40);

const rollouts: fc.Arbitrary<readonly Rollout[]> = fc.array(
  fc.record({
    task: fc.nat({ max: 3 }),
    set: fc.nat({ max: SETS - 1 }),
    top: fc.nat({ max: 9 }),
    below: fc.nat({ max: 2 }),
    calls: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
  }),
  { minLength: 6, maxLength: 24 },
);

function mixOf(drawn: readonly Rollout[]) {
  const writer = makeCellWriter(drawn.length);
  for (const [r, { calls }] of drawn.entries()) for (const [tool, count] of calls.entries()) if (count > 0) writer.add(r, tool, count, 0);
  return writer.finish(
    2,
    Float64Array.from(drawn, ({ calls: [a, b] }) => a + b),
  );
}

const strataFor = (drawn: readonly Rollout[]) =>
  strataOf(
    Int32Array.from(drawn.keys()),
    Int32Array.from(drawn, ({ task }) => task),
    Int32Array.from(drawn, ({ set }) => 1 << set),
  );

function changesOf(drawn: readonly Rollout[], byTask: boolean): Changes {
  const figure: ChangeFigure = {
    top: Float64Array.from(drawn, ({ top }) => top),
    below: Float64Array.from(drawn, ({ below }) => below),
    byTask,
  };
  return allSteps(
    measureChanges({
      strata: strataFor(drawn),
      rollouts: drawn.length,
      resamples: RESAMPLES,
      seed: 0,
      task: Int32Array.from(drawn, ({ task }) => task),
      sets: Int32Array.from(drawn, ({ set }) => 1 << set),
      setCount: SETS,
      from: 0,
      to: 2,
      versions: VERSIONS,
      figures: [figure],
      mix: mixOf(drawn),
    }),
  );
}

/** Rollouts as often as a draw takes them; the first list is the log itself. */
function drawsOf(drawn: readonly Rollout[]): Rollout[][] {
  const resampler = makeResampler(strataFor(drawn), 0);
  const times = new Uint32Array(drawn.length);
  const clusters = new Uint32Array(drawn.length);
  const lists = [[...drawn]];
  for (let i = 0; i < RESAMPLES; i++) {
    resampler.draw(times, clusters);
    lists.push(drawn.flatMap((rollout, r) => Array.from({ length: times[r]! }, () => rollout)));
  }
  return lists;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const ratio = (own: readonly Rollout[]): number => sum(own.map(({ top }) => top)) / sum(own.map(({ below }) => below));

/** Of each task the mean of top and of below, then their ratio; a task counts as often as it is drawn. */
function alike(own: readonly Rollout[], sizeOf: (task: number) => number): number {
  const part = (name: 'top' | 'below'): number => sum(own.map((rollout) => rollout[name] / sizeOf(rollout.task)));
  return part('top') / part('below');
}

/** Linear between neighbours. */
function middle(values: readonly number[]): [number, number] {
  const known = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (known.length * 2 < values.length || known.length < 2) return [Number.NaN, Number.NaN];
  const at = (share: number): number => {
    const place = (known.length - 1) * share;
    const low = Math.floor(place);
    return known[low]! + ((known[low + 1] ?? known[low]!) - known[low]!) * (place - low);
  };
  return [at(0.025), at(0.975)];
}

function expectEstimate(found: Estimate, values: readonly number[], isDrawn = true): void {
  const [value, ...drawn] = values;
  const near = (a: number, b: number): void => {
    if (Number.isFinite(b)) expect(a).toBeCloseTo(b, 9);
    else expect(Number.isFinite(a)).toBe(false);
  };
  near(found.value, value!);
  const [low, high] = isDrawn ? middle(drawn) : [Number.NaN, Number.NaN];
  near(found.low, low);
  near(found.high, high);
}

describe('changes', () => {
  it('are those of loops over the rollouts of each draw', () => {
    fc.assert(
      fc.property(rollouts, fc.boolean(), (drawn, byTask) => {
        const { figures, commonTasks, mix } = changesOf(drawn, byTask);
        const [figure] = figures;
        const lists = drawsOf(drawn);
        const ofSet = (own: readonly Rollout[], set: number): Rollout[] => own.filter((one) => one.set === set);
        const size = (set: number) => (task: number) => drawn.filter((one) => one.set === set && one.task === task).length;
        const valueOf = (own: readonly Rollout[], set: number): number =>
          byTask ? alike(ofSet(own, set), size(set)) : ratio(ofSet(own, set));
        const count = (set: number): number => ofSet(drawn, set).filter(({ below }) => below > 0).length;
        const hasBoth = count(0) >= 2 && count(2) >= 2;
        for (let set = 0; set < SETS; set++)
          expectEstimate(
            figure!.sets[set]!,
            lists.map((own) => valueOf(own, set)),
            count(set) >= 2,
          );
        expectEstimate(
          figure!.difference,
          lists.map((own) => valueOf(own, 2) - valueOf(own, 0)),
          hasBoth,
        );
        const bases = lists.slice(1).map((own) => valueOf(own, 0));
        if (!bases.some((base) => base <= 0) && valueOf(drawn, 0) > 0)
          expectEstimate(
            figure!.change,
            lists.map((own) => valueOf(own, 2) / valueOf(own, 0) - 1),
            hasBoth,
          );
        const common = new Set(
          ofSet(drawn, 0)
            .map(({ task }) => task)
            .filter((task) => size(2)(task) > 0),
        );
        expect(commonTasks).toBe(common.size);
        const paired = (own: readonly Rollout[], set: number): number =>
          alike(
            ofSet(own, set).filter(({ task }) => common.has(task)),
            size(set),
          );
        const onCommon = (set: number): number => ofSet(drawn, set).filter(({ task, below }) => below > 0 && common.has(task)).length;
        expectEstimate(
          figure!.paired.difference,
          lists.map((own) => paired(own, 2) - paired(own, 0)),
          onCommon(0) >= 2 && onCommon(2) >= 2,
        );
        const share = (own: readonly Rollout[], set: number, tool: number): number =>
          sum(ofSet(own, set).map(({ calls }) => calls[tool]!)) / sum(ofSet(own, set).map(({ calls: [a, b] }) => a + b));
        expectEstimate(
          mix!.distance[2]!,
          lists.map((own) => (Math.abs(share(own, 0, 0) - share(own, 2, 0)) + Math.abs(share(own, 0, 1) - share(own, 2, 1))) / 2),
          [0, 2].every((set) => ofSet(drawn, set).filter(({ calls: [a, b] }) => a + b > 0).length >= 2),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('have the slope of a line through rollouts where each counts alike', () => {
    fc.assert(
      fc.property(rollouts, (drawn) => {
        const ones = drawn.map((one) => ({ ...one, below: 1 }));
        const { slope } = changesOf(ones, false).figures[0]!;
        // Ordinary least squares over single rollouts.
        const x = ones.map(({ set }) => VERSIONS[set]!);
        const mean = sum(x) / x.length;
        const value = sum(ones.map(({ top }, i) => (x[i]! - mean) * top)) / sum(x.map((one) => (one - mean) ** 2));
        if (Number.isFinite(value)) expect(slope!.value).toBeCloseTo(value, 9);
        else expect(slope!.value).toBeNaN();
      }),
    );
  });
});

it('gives no interval of a figure that rests on one rollout of a set: all draws would have the same', () => {
  const rollout = (task: number, set: number, top: number): Rollout => ({ task, set, top, below: 1, calls: [top, 1] });
  // One rollout a set on the only task that the ends share; besides, each has rollouts of its own.
  const apart = [rollout(0, 0, 3), rollout(0, 2, 7), rollout(1, 0, 2), rollout(2, 2, 9), rollout(1, 0, 4), rollout(2, 2, 5)];
  const { difference, paired } = changesOf(apart, false).figures[0]!;
  expect(Number.isFinite(difference.low)).toBe(true);
  expect([paired.difference.value, paired.difference.low, paired.change.low]).toEqual([4, Number.NaN, Number.NaN]);
  const single = changesOf([rollout(0, 0, 3), rollout(0, 1, 4), rollout(0, 2, 7)], false);
  expect(single.figures[0]!.slope!.value).toBeGreaterThan(0);
  expect(single.figures[0]!.slope!.low).toBeNaN();
  expect(single.mix!.distance[2]!.value).toBeGreaterThan(0);
  expect(single.mix!.distance[2]!.low).toBeNaN();
});

it('gives no slope where versions do not differ, and leaves out sets without rollouts', () => {
  expect(slopeOf(Float64Array.of(1, 1), Float64Array.of(3, 4), Float64Array.of(2, 2))).toBeNaN();
  expect(slopeOf(Float64Array.of(1, 2, 3), Float64Array.of(3, 5, Number.NaN), Float64Array.of(2, 2, 0))).toBe(2);
});

describe('the distance that chance gives', () => {
  const distanceByChance = (...given: Parameters<typeof exchanges>): number => allSteps(exchanges(...given));

  it('gives way after each exchange', () => {
    const drawn = [one(0, 0, [1, 0]), one(0, 1, [0, 1])];
    expect([...exchanges(mixOf(drawn), plan(drawn), { draws: 5, seed: 0 })]).toEqual([1, 2, 3, 4, 5]);
  });

  const plan = (drawn: readonly Rollout[]) => ({
    members: Int32Array.from(drawn.keys()),
    task: Int32Array.from(drawn, ({ task }) => task),
    sets: Int32Array.from(drawn, ({ set }) => 1 << set),
    a: 0,
    b: 1,
  });
  const one = (task: number, set: number, calls: readonly [number, number]): Rollout => ({ task, set, calls, top: 0, below: 0 });

  it('is 0 where all rollouts call alike', () => {
    const drawn = [0, 1, 0, 1, 0, 1].map((set, i) => one(i % 2, set, [1, 1]));
    expect(distanceByChance(mixOf(drawn), plan(drawn), { draws: 50, seed: 0 })).toBe(0);
  });

  it('lies below a difference that names explain', () => {
    const drawn = Array.from({ length: 40 }, (_, i) => one(i % 4, i < 20 ? 0 : 1, i < 20 ? [3, 0] : [0, 3]));
    const byChance = distanceByChance(mixOf(drawn), plan(drawn), { draws: 199, seed: 0 });
    expect(byChance).toBeGreaterThan(0);
    expect(byChance).toBeLessThan(0.6);
  });

  it('exchanges within tasks where both sets have the same ones', () => {
    // Tasks differ, sets do not: exchanged over all tasks, names would move the mixes far apart.
    const drawn = Array.from({ length: 8 }, (_, i) => one(i % 2, i < 4 ? 0 : 1, i % 2 === 0 ? [3, 0] : [0, 3]));
    expect(distanceByChance(mixOf(drawn), plan(drawn), { draws: 199, seed: 0 })).toBe(0);
    const apart = drawn.map((rollout) => (rollout.set === 0 ? rollout : { ...rollout, task: rollout.task + 2 }));
    expect(distanceByChance(mixOf(apart), plan(apart), { draws: 199, seed: 0 })).toBeGreaterThan(0);
  });
});
