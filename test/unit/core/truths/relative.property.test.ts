/** Relative rewards and correlations, against sums written out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlations, relativeRewards } from '../../../../src/core/truths/relative.ts';

const rollouts = fc.array(
  fc.record({
    task: fc.nat(3),
    reward: fc.constantFrom(0, 0.5, 1, Number.NaN),
    d: fc.constantFrom(0, 0.125, 0.25, 0.5, 1, Number.NaN),
  }),
  { maxLength: 20 },
);
type Row = { readonly task: number; readonly reward: number; readonly d: number };
const column = (rows: readonly Row[], name: 'reward' | 'd'): Float64Array => Float64Array.from(rows, (row) => row[name]);
const tasks = (rows: readonly Row[]): Int32Array => Int32Array.from(rows, ({ task }) => task);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Half the pairs that are larger one way less the other, by counting. */
const rank = (values: readonly number[], of: number): number =>
  values.filter((value) => value < of).length + (values.filter((value) => value === of).length + 1) / 2;

function naive(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  const cov = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const [vx, vy] = [x.reduce((sum, v) => sum + (v - mx) ** 2, 0), y.reduce((sum, v) => sum + (v - my) ** 2, 0)];
  return vx > 1e-12 && vy > 1e-12 ? cov / Math.sqrt(vx * vy) : Number.NaN;
}

const near = (found: number | undefined, wanted: number): void =>
  Number.isNaN(wanted) ? expect(found).toBeNaN() : expect(found).toBeCloseTo(wanted, 9);

describe('rewards relative to ground truths', () => {
  it('are 1 − d, less the mean of the task, or by its deviation; unknown stays unknown', () => {
    fc.assert(
      fc.property(rollouts, (rows) => {
        const [absolute, group, standardised] = (['absolute', 'group', 'standardised'] as const).map((formula) =>
          relativeRewards(column(rows, 'd'), tasks(rows), formula),
        );
        for (const [r, { task, d }] of rows.entries()) {
          expect(absolute![r]).toBe(1 - d);
          const own = rows.filter((row) => row.task === task && !Number.isNaN(row.d)).map((row) => 1 - row.d);
          const std = Math.sqrt(mean(own.map((value) => (value - mean(own)) ** 2)));
          if (Number.isNaN(d)) expect([group![r], standardised![r]]).toEqual([Number.NaN, Number.NaN]);
          else {
            expect(group![r]).toBeCloseTo(1 - d - mean(own), 12);
            expect(standardised![r]).toBeCloseTo(std < 1e-12 ? 0 : (1 - d - mean(own)) / std, 9);
          }
        }
      }),
    );
  });

  it('do not vary where they differ by rounding only', () => {
    const third = Float64Array.from({ length: 30 }, () => 1 / 3 + 0.1);
    const rewards = Float64Array.from({ length: 30 }, (_, r) => r % 2);
    const { overall, within } = correlations(rewards, third, new Int32Array(30));
    expect([overall.pearson, overall.spearman, within.pearson, within.spearman]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('go with the log’s rewards as counted pair by pair, over all and within tasks', () => {
    fc.assert(
      fc.property(rollouts, (rows) => {
        const found = correlations(
          column(rows, 'reward'),
          Float64Array.from(rows, ({ d }) => 1 - d),
          tasks(rows),
        );
        const known = rows.filter(({ reward, d }) => !Number.isNaN(reward) && !Number.isNaN(d));
        const x = known.map(({ reward }) => reward);
        const y = known.map(({ d }) => 1 - d);
        expect(found.unknown).toBe(rows.length - known.length);
        expect(found.overall.rollouts).toBe(known.length);
        const ranked = (values: readonly number[]): number[] => values.map((value) => rank(values, value));
        near(found.overall.pearson, naive(x, y));
        near(found.overall.spearman, naive(ranked(x), ranked(y)));
        const groups = [0, 1, 2, 3].map((task) => known.filter((row) => row.task === task)).filter((group) => group.length > 1);
        const within = (of: (row: Row) => number, by: (values: number[]) => number[]): number[] =>
          groups.flatMap((group) => {
            const values = by(group.map(of));
            return values.map((value) => value - mean(values));
          });
        const same = (values: number[]): number[] => values;
        expect(found.within.tasks).toBe(groups.length);
        expect(found.within.rollouts).toBe(groups.flat().length);
        const [px, py] = [within((row) => row.reward, same), within((row) => 1 - row.d, same)];
        near(found.within.pearson, naive(px, py));
        const [sx, sy] = [within((row) => row.reward, ranked), within((row) => 1 - row.d, ranked)];
        near(found.within.spearman, naive(sx, sy));
      }),
    );
  });
});
