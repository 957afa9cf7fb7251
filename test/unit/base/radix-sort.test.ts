import fc from 'fast-check';
import { expect, it } from 'vitest';
import { risingBits, sortByKeys } from '../../../src/base/radix-sort.ts';

const rows = (length: number): Int32Array<ArrayBuffer> => Int32Array.from({ length }, (_, row) => row);

it('sorts rows by their keys, equals in their order', () => {
  const key = fc.oneof(
    fc.nat(3),
    fc.nat(0xffff).map((n) => n * 0x10000),
    fc.integer({ min: 0, max: 0xffff_ffff }),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 50 }), (keys) => {
      const sorted = sortByKeys(rows(keys.length), Uint32Array.from(keys));
      expect([...sorted]).toEqual([...keys.keys()].toSorted((a, b) => keys[a] - keys[b] || a - b));
    }),
  );
});

it('gives whole numbers that rise with floats', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 2, maxLength: 50 }), (values) => {
      const column = Float32Array.from(values, (value) => value + 0);
      const bits = risingBits(column);
      for (let i = 1; i < column.length; i++) {
        if (column[i] !== column[0]) expect(bits[i] < bits[0]).toBe(column[i] < column[0]);
      }
    }),
  );
});
