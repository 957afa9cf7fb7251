import { expect, it } from 'vitest';
import { KIND, KINDS } from '../../../src/core/model/kinds.ts';
it('numbers every kind by its position, and no other', () => {
  expect(KINDS.map((kind) => KIND[kind])).toEqual(KINDS.map((_, index) => index));
  expect(Object.keys(KIND)).toEqual(KINDS);
});
