/** The bounds hold for every distribution that could have produced a top-k list, and close when nothing is hidden. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entropyBounds } from '../../../../src/core/signal/top-k.ts';

const entropy = (p: readonly number[]): number => p.reduce((sum, x) => (x > 0 ? sum - x * Math.log(x) : sum), 0);

describe('entropyBounds', () => {
  it('gives the entropy itself when the list is the whole distribution', () => {
    const { low, high } = entropyBounds([Math.log(0.5), Math.log(0.25), Math.log(0.25)], 3);
    expect(low).toBeCloseTo(1.5 * Math.log(2), 12);
    expect(high).toBeCloseTo(1.5 * Math.log(2), 12);
  });

  it("is the method's formula on an example worked by hand", () => {
    // p = 0.6, 0.3 listed; q = 0.1 over 8 others; min(p_k, q) = 0.1
    const listed = -0.6 * Math.log(0.6) - 0.3 * Math.log(0.3);
    const { low, high } = entropyBounds([Math.log(0.6), Math.log(0.3)], 10);
    expect(low).toBeCloseTo(listed + 0.1 * Math.log(10), 12);
    expect(high).toBeCloseTo(listed + 0.1 * Math.log(80), 12);
  });

  it('counts impossible tokens as nothing and refuses NaN and empty lists', () => {
    expect(entropyBounds([0, -9999, -Infinity], 100)).toEqual({ low: 0, high: 0 });
    expect(entropyBounds([Number.NaN], 100).low).toBeNaN();
    expect(entropyBounds([], 100).high).toBeNaN();
  });

  it('brackets the entropy of any distribution, with and without a sampled token from outside the list', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        (weights, kSeed, sampledSeed) => {
          const total = weights.reduce((a, b) => a + b, 0);
          fc.pre(total > 1e-6);
          const p = weights.map((w) => w / total).sort((a, b) => b - a);
          const k = 1 + (kSeed % p.length);
          const top = p.slice(0, k).map(Math.log);
          const sampled = sampledSeed % p.length;
          const outside = sampled >= k ? Math.log(p[sampled]) : undefined;
          const { low, high } = entropyBounds(top, p.length, outside);
          const exact = entropy(p);
          expect(low).toBeLessThanOrEqual(exact + 1e-9);
          expect(high).toBeGreaterThanOrEqual(exact - 1e-9);
        },
      ),
      { numRuns: 500 },
    );
  });
});
