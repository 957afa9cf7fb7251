import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestOf } from '../../../../src/core/candidates/best-of.ts';
import { majorityOf } from '../../../../src/core/candidates/majority.ts';
import { passAtK } from '../../../../src/core/candidates/pass-at-k.ts';
import { taskMeans, type TaskMeans } from '../../../../src/core/candidates/task-means.ts';

/** All ways to draw n of 0 … count − 1. */
function draws(count: number, n: number, from = 0): number[][] {
  if (n === 0) return [[]];
  const all: number[][] = [];
  for (let first = from; first <= count - n; first++) for (const rest of draws(count, n - 1, first + 1)) all.push([first, ...rest]);
  return all;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const right = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 8 });
const scored = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(1, 2, 3, Number.NaN)), { minLength: 1, maxLength: 8 });

it('pass@k is the share of all draws of k that hold a right answer', () => {
  fc.assert(
    fc.property(right, (answers) => {
      const c = answers.filter((each) => each === 1).length;
      for (let k = 1; k <= answers.length; k++) {
        const share = mean(draws(answers.length, k).map((drawn) => Number(drawn.some((i) => answers[i] === 1))));
        expect(passAtK(answers.length, c, k)).toBeCloseTo(share, 12);
      }
    }),
  );
});

it('pass@k is unknown beyond what is there, and does not overflow', () => {
  expect(passAtK(3, 1, 4)).toBeNaN();
  expect(passAtK(3, 1, 0)).toBeNaN();
  expect(passAtK(100_000, 50_000, 100)).toBeCloseTo(1, 12);
  expect(passAtK(100_000, 1, 50_000)).toBeCloseTo(0.5, 12);
});

it('best of n is the mean over all draws and all orders of ties', () => {
  fc.assert(
    fc.property(scored, (answers) => {
      const found = bestOf(
        answers.map(([isRight]) => isRight),
        answers.map(([, score]) => score),
      );
      for (let n = 1; n <= answers.length; n++) {
        const chances = draws(answers.length, n).map((drawn) => {
          const value = (i: number): number => (Number.isNaN(answers[i][1]) ? -Infinity : answers[i][1]);
          const most = Math.max(...drawn.map(value));
          return mean(drawn.filter((i) => value(i) === most).map((i) => answers[i][0]));
        });
        expect(found[n - 1]).toBeCloseTo(mean(chances), 12);
      }
    }),
  );
});

it('majority of n counts votes among the answers that are drawn', () => {
  const grouped = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(grouped, (answers) => {
      const groups = [0, 1, 2, 3].flatMap((group) => {
        const of = answers.filter(([, g]) => g === group);
        return of.length === 0 ? [] : [{ size: of.length, right: of.filter(([isRight]) => isRight === 1).length }];
      });
      const found = majorityOf(groups);
      for (let n = 1; n <= answers.length; n++) {
        const chances = draws(answers.length, n).map((drawn) => {
          const votes = (i: number): number => drawn.filter((j) => answers[j][1] === answers[i][1]).length;
          const most = Math.max(...drawn.map(votes));
          // One of the largest groups, then one of its answers that were drawn.
          const largest = [...new Set(drawn.filter((i) => votes(i) === most).map((i) => answers[i][1]))];
          return mean(largest.map((group) => mean(drawn.filter((i) => answers[i][1] === group).map((i) => answers[i][0]))));
        });
        expect(found[n - 1]).toBeCloseTo(mean(chances), 12);
      }
    }),
    { numRuns: 60 },
  );
});

it('majority of many answers is a chance', () => {
  const found = majorityOf([
    { size: 40, right: 10 },
    { size: 30, right: 30 },
    ...Array.from({ length: 26 }, () => ({ size: 1, right: 1 })),
  ]);
  expect(found).toHaveLength(96);
  for (const chance of found) expect(chance).toSatisfy((value: number) => value >= 0 && value <= 1 + 1e-12);
  expect(found[0]).toBeCloseTo((10 + 30 + 26) / 96, 12);
  expect(found[95]).toBeCloseTo(0.25, 12);
});

it('majority of many groups of one size comes to an end', () => {
  const alone = Array.from({ length: 96 }, (_, g) => ({ size: 1, right: g % 2 }));
  for (let task = 0; task < 100; task++) expect(majorityOf(alone)[95]).toBeCloseTo(0.5, 12);
});

/** As a session goes through them. */
function meansOf(figures: readonly Float64Array[]): TaskMeans & { readonly steps: number } {
  const all = taskMeans(figures);
  let steps = 0;
  let step = all.next();
  for (; step.done !== true; step = all.next()) steps++;
  return { ...step.value, steps };
}

it('means over tasks give way after each n whose tasks are drawn again', () => {
  expect(meansOf(Array.from({ length: 3 }, () => new Float64Array(7).fill(0.5))).steps).toBe(7);
});

it('means over tasks count the tasks that have an answer more', () => {
  const { mean: means, low, high, tasks } = meansOf([Float64Array.of(0, 0.5), Float64Array.of(1), Float64Array.of(Number.NaN, 1)]);
  expect([...tasks]).toEqual([2, 2]);
  expect([...means]).toEqual([0.5, 0.75]);
  expect(low[0]).toBe(0);
  expect(high[0]).toBe(1);
  expect(meansOf([Float64Array.of(1)])).toMatchObject({ mean: Float64Array.of(1), low: Float64Array.of(Number.NaN) });
});
