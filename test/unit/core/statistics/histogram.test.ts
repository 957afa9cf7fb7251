/** Quantiles and histograms against definitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, decades, edgesOf } from '../../../../src/core/statistics/histogram.ts';
import { ascending, quantile } from '../../../../src/core/statistics/quantile.ts';

const wholes = fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 1_000_000 })), { minLength: 1, maxLength: 60 });
const reals = fc.array(fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ noNaN: true, noDefaultInfinity: true })), {
  minLength: 1,
  maxLength: 60,
});

describe('a quantile', () => {
  it('is the place between neighbours', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share))).toEqual([1, 1.75, 3, 5, 8]);
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('has that share of the values at or below it, to one value', () => {
    fc.assert(
      fc.property(wholes, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const sorted = ascending(Float64Array.from([...values, Number.NaN]));
        const at = quantile(sorted, percent / 100);
        const place = ((values.length - 1) * percent) / 100;
        expect(values.filter((value) => value < at).length).toBeLessThanOrEqual(Math.ceil(place));
        expect(values.filter((value) => value > at).length).toBeLessThanOrEqual(values.length - 1 - Math.floor(place));
      }),
    );
  });
});

describe('edges', () => {
  it('are round numbers', () => {
    expect([...edgesOf(Float64Array.of(1, 3, 7)).at]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...edgesOf(Float64Array.of(0, 1)).at].slice(0, 4)).toEqual([0, 1, 2]);
    expect([...edgesOf(Float64Array.of(-0.25, 0.1, 1)).at].slice(0, 5)).toEqual([-0.3, -0.2, -0.1, 0, 0.1]);
    expect(edgesOf(Float64Array.of(5, 5, 5))).toEqual({ at: Float64Array.of(5, 6), kind: 'steps' });
    expect(edgesOf(new Float64Array(0)).at.length).toBe(0);
    expect([...decades(30)]).toEqual([0, 1, 2, 5, 10, 20, 50]);
  });

  it('are few, ascend, are spelled as they are, and every value lies in one bin', () => {
    fc.assert(
      fc.property(fc.oneof(wholes, reals), (values) => {
        const sorted = ascending(Float64Array.from(values));
        const { at } = edgesOf(sorted);
        expect(at.length).toBeLessThanOrEqual(40);
        for (const [i, edge] of at.entries()) {
          expect(Number(String(edge))).toBe(edge);
          if (i > 0) expect(edge).toBeGreaterThan(at[i - 1] ?? 0);
        }
        for (const value of values) {
          const bin = binOf(at, value);
          const slow = [...at.keys()].findIndex((i) => value >= at[i]! && value < (at[i + 1] ?? -Infinity));
          expect(bin).toBe(slow);
          expect(bin).toBeGreaterThanOrEqual(0);
        }
        // Neither end is empty.
        expect(binOf(at, sorted[0]!)).toBe(0);
        expect(binOf(at, sorted.at(-1)!)).toBe(at.length - 2);
      }),
    );
  });
});
