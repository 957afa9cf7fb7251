import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatToHalf, halfToFloat } from '../../../src/base/half.ts';

describe('halves', () => {
  it('come back from every float that is one', () => {
    for (let half = 0; half < 1 << 16; half++) {
      const value = halfToFloat(half);
      if (Number.isNaN(value)) expect(Number.isNaN(halfToFloat(floatToHalf(value)))).toBe(true);
      else expect(floatToHalf(value)).toBe(half);
    }
  });

  it('are the nearest to any float, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -70_000, max: 70_000 }), fc.boolean(), (drawn, isSmall) => {
        const value = Math.fround(isSmall ? drawn * 2 ** -31 : drawn);
        const half = floatToHalf(value);
        const found = halfToFloat(half);
        if (Math.abs(value) >= 65_520) {
          expect(Math.abs(found)).toBe(Infinity);
          return;
        }
        const error = Math.abs(found - value);
        for (const other of [half - 1, half + 1]) {
          const beside = halfToFloat(other & 0xffff);
          if (!Number.isFinite(beside) || (other & 0x8000) !== (half & 0x8000)) continue;
          const further = Math.abs(beside - value);
          expect(further > error || (further === error && half % 2 === 0)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
