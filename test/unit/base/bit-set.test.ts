import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addBit, countBits, hasBit, makeBitSet, removeBit } from '../../../src/base/bit-set.ts';

it('behaves like a Set of numbers', () => {
  const edits = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 99 })));
  fc.assert(
    fc.property(edits, (steps) => {
      const bits = makeBitSet(100);
      const members = new Set<number>();
      for (const [isAdded, i] of steps) {
        if (isAdded) addBit(bits, i);
        else removeBit(bits, i);
        if (isAdded) members.add(i);
        else members.delete(i);
      }
      expect(countBits(bits)).toBe(members.size);
      for (let i = 0; i < 100; i++) expect(hasBit(bits, i)).toBe(members.has(i));
    }),
  );
});
