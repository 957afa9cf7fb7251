/** The bounded heap against sorting everything. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largestFirst, makeLargest, offer } from '../../../src/base/largest.ts';

it('holds what a sort would put first, with ties as they are told', () => {
  const value = fc.oneof(fc.constantFrom(0, 1, 2, -0, Infinity, -Infinity, NaN), fc.double());
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), fc.nat(30), fc.boolean(), (values, capacity, downwards) => {
      const isBefore = (a: number, b: number): boolean => (downwards ? a > b : a < b);
      const largest = makeLargest(capacity, isBefore);
      values.forEach((each, item) => offer(largest, item, each));
      const sorted = values
        .map((each, item) => ({ item, value: each }))
        .filter((entry) => !Number.isNaN(entry.value))
        .sort((a, b) => (a.value === b.value ? (isBefore(a.item, b.item) ? -1 : 1) : a.value > b.value ? -1 : 1))
        .slice(0, capacity);
      expect(largestFirst(largest).map(({ item }) => item)).toEqual(sorted.map(({ item }) => item));
    }),
    { numRuns: 500 },
  );
});
