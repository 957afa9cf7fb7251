import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible, visibleJson } from '../../../src/base/visible.ts';

const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

it.each([
  ['plain, with ü, 漢字 and 👩‍🌾', 'plain, with ü, 漢字 and 👩‍🌾'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['two\r\nlines\tand a tab', 'two\\r\\nlines\\tand a tab'],
  ['user\u202etxt.exe', 'user\\u202etxt.exe'],
  ['\u2066a\u2069\u200f\u2028\ufeff', '\\u2066a\\u2069\\u200f\\u2028\\ufeff'],
  ['\u{e0041}', '\\u{e0041}'],
])('spells %j as %s', (text, expected) => {
  expect(visible(text)).toBe(expected);
});

it('leaves nothing that steers, and JSON that says the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(STEERING.test(visible(text))).toBe(false);
      const json = visibleJson({ [text]: [text] });
      expect(STEERING.test(json)).toBe(false);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })));
    }),
    { numRuns: 2000 },
  );
});
