import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteOrderMark, isBlankByte, joinBytes } from '../../../src/base/bytes.ts';

it('joins what was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 6 })), (pieces) => {
      expect([...joinBytes(pieces)]).toEqual(pieces.flatMap((piece) => [...piece]));
    }),
  );
});

it('finds a byte order mark at the start only', () => {
  expect([[0xef, 0xbb, 0xbf, 65], [0xef, 0xbb], [65, 0xef, 0xbb, 0xbf], []].map((bytes) => byteOrderMark(Uint8Array.from(bytes)))).toEqual([
    3, 0, 0, 0,
  ]);
});

it('knows the white space of JSON', () => {
  expect(Array.from({ length: 256 }, (_, byte) => byte).filter(isBlankByte)).toEqual([9, 10, 13, 32]);
});
