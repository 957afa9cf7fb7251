import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addBit, countBits, makeBitSet } from '../../../src/base/bit-set.ts';

it('behaves like a Set of numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 })), (added) => {
      const bits = makeBitSet(100);
      for (const i of added) addBit(bits, i);
      const members = new Set(added);
      expect(countBits(bits)).toBe(members.size);
      for (let i = 0; i < 100; i++) expect((bits.words[i >>> 5]! >>> (i & 31)) & 1).toBe(Number(members.has(i)));
    }),
  );
});
