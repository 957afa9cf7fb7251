import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hash128, hashText, TextHash } from '../../../src/base/hash.ts';

it('is the same on every machine', () => {
  expect(hashText('Espalier')).toBe('c1948a14045cb111-8');
  expect(hashText('')).toMatch(/^[0-9a-f]{16}-0$/);
  expect(hash128('Espalier')).toBe('c98851cd9b01f7399b708e5ff275cf99');
});

it('tells where one text ends and the next begins', () => {
  const digest = (...texts: string[]): string => {
    const hash = new TextHash();
    for (const text of texts) hash.add(text);
    return hash.digest();
  };
  expect(digest('ab', 'c')).not.toBe(digest('a', 'bc'));
  expect(digest('abc', '')).not.toBe(digest('abc'));
  expect(digest('abc')).toBe(hashText('abc'));
});

it('tells texts apart that differ in one place', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 65535 }), (text, at, change) => {
      const index = at % text.length;
      const other = text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ change) + text.slice(index + 1);
      expect(hashText(other)).not.toBe(hashText(text));
      expect(hash128(other)).not.toBe(hash128(text));
    }),
  );
});

it('spreads similar texts over both halves of a running hash', () => {
  const first = new Set<string>();
  const second = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const hash = hashText(`task ${i}`);
    first.add(hash.slice(0, 8));
    second.add(hash.slice(8, 16));
  }
  // A perfect 32-bit hash would repeat itself 0.05 times in 20 000.
  expect(first.size).toBeGreaterThan(19_990);
  expect(second.size).toBeGreaterThan(19_990);
});
