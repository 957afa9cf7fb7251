/** Intervals against published values, and moments against sums. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalMethod, joinMoments, meanInterval, momentsOf, studentT } from '../../../../src/core/decisions/mean-interval.ts';

describe("Student's t", () => {
  it('agrees with tables, in the table and beyond', () => {
    // Quantiles of 0.975: NIST/SEMATECH e-Handbook, table 1.3.6.7.2; two digits more by integrating the density numerically.
    for (const [degrees, t] of [
      [1, 12.7062],
      [2, 4.30265],
      [10, 2.22814],
      [25, 2.05954],
      [26, 2.05553],
      [30, 2.04227],
      [60, 2.0003],
      [120, 1.97993],
      [1e9, 1.95996],
    ] as const)
      expect(studentT(degrees)).toBeCloseTo(t, 4);
  });
});

describe('an interval of a mean', () => {
  it("is Wilson's where all is 0 or 1", () => {
    expect(intervalMethod([0, 1, NaN, 1])).toBe('wilson');
    // 8 of 10: 0.4902 to 0.9433 (Newcombe 1998, method 3).
    const { known, mean, low, high } = meanInterval(momentsOf([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]), 'wilson');
    expect([known, mean]).toEqual([10, 0.8]);
    expect([low, high].map((end) => end.toFixed(4))).toEqual(['0.4902', '0.9433']);
    expect(meanInterval(momentsOf([0, 0]), 'wilson')).toMatchObject({ mean: 0, low: 0 });
    expect(meanInterval(momentsOf([1]), 'wilson')).toMatchObject({ mean: 1, high: 1 });
  });
  it("is Student's elsewhere, and none of a single value", () => {
    expect(intervalMethod([0, 0.5])).toBe('t');
    const { mean, low, high } = meanInterval(momentsOf([1, 2, 3, 4]), 't');
    // 2.5 ± 3.182446 · 1.290994 / 2
    expect([mean, Number(low.toFixed(5)), Number(high.toFixed(5))]).toEqual([2.5, 0.44574, 4.55426]);
    expect(meanInterval(momentsOf([0.3]), 't')).toEqual({ known: 1, mean: 0.3, low: NaN, high: NaN });
    expect(meanInterval(momentsOf([NaN]), 't')).toEqual({ known: 0, mean: NaN, low: NaN, high: NaN });
  });
});

describe('moments', () => {
  it('are those of two sets taken together, as of one', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const joined = joinMoments(momentsOf(a), momentsOf(b));
        const all = [...a, ...b];
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        expect(joined.n).toBe(all.length);
        if (all.length === 0) return;
        expect(joined.mean).toBeCloseTo(mean, 8);
        expect(joined.squares).toBeCloseTo(
          all.reduce((sum, value) => sum + (value - mean) ** 2, 0),
          6,
        );
      }),
    );
  });
});
