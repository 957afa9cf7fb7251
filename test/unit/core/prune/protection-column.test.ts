/** Four values to a byte, against the values. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import '../../../helpers/drawSeed.ts';
import { packProtection, unpackProtection } from '../../../../src/core/prune/protection-column.ts';

it('gives every value again, in a quarter of the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ max: 3, maxLength: 70 }), (values) => {
      const packed = packProtection(values);
      expect(packed).toHaveLength(Math.ceil(values.length / 4));
      expect([...unpackProtection(packed, values.length)]).toEqual([...values]);
    }),
  );
});
