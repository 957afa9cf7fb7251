import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapMass } from '../../../../src/core/tokens/byte-map.ts';

describe('mapMass', () => {
  it("shares a token's mass by the bytes each target takes", () => {
    expect([...mapMass([4], [8], [1, 3])]).toEqual([2, 6]);
    expect([...mapMass([2, 2], [1, 5], [1, 2, 1])]).toEqual([0.5, 3, 2.5]);
  });
  it('leaves targets without a source value unknown', () => {
    expect([...mapMass([2, 2], [NaN, 4], [2, 2])]).toEqual([NaN, 4]);
  });
  it('preserves the sum for any two tokenisations of the same bytes', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        cuts,
        cuts,
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 14, maxLength: 14 }),
        (total, a, b, masses) => {
          const from = lengths(total, a);
          const to = lengths(total, b).filter((length) => length > 0);
          const values = from.map((_, index) => masses[index % masses.length]);
          const sum = (list: ArrayLike<number>) => Array.from(list).reduce((x, y) => x + (Number.isNaN(y) ? 0 : y), 0);
          expect(sum(mapMass(from, values, to))).toBeCloseTo(sum(values), 9);
        },
      ),
    );
  });
});

/** Lengths of the pieces that cut positions make of `total` bytes; equal positions make empty pieces. */
function lengths(total: number, cuts: readonly number[]): number[] {
  const at = [0, ...cuts.filter((cut) => cut <= total).sort((x, y) => x - y), total];
  return at.slice(1).map((end, index) => end - at[index]);
}
