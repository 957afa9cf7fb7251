import { expect, it } from 'vitest';
import { isShared, perShared, share } from '../../../src/base/shared.ts';

it('what is made of a shared object is made once for each maker and context, and each time for any other object', () => {
  let made = 0;
  const one = perShared((value: { readonly a: number }, context: string) => `${context}${value.a}${made++}`);
  const other = perShared((value: { readonly a: number }) => value.a);
  const value = { a: 7 };
  expect([one(value, 'x'), one(value, 'x')]).toEqual(['x70', 'x71']);
  share(value);
  share(value);
  expect([one(value, 'x'), other(value, 'x'), one(value, 'x'), one(value, 'y'), one(value, 'x')]).toEqual(['x72', 7, 'x72', 'y73', 'x74']);
});

it('what is kept of a shared object is in none of its keys, its copies and its text', () => {
  const value = { a: 7 };
  share(value);
  expect(isShared(value)).toBe(true);
  expect(isShared({ ...value })).toBe(false);
  expect(Reflect.ownKeys({ ...value })).toEqual(['a']);
  expect(JSON.stringify(value)).toBe('{"a":7}');
  expect(isShared(structuredClone(value))).toBe(false);
});
