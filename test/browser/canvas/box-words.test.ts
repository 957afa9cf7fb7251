/** Words on boxes: lines of whole words where they fit, nothing lost but behind an ellipsis. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutTo, wrapped } from '../../../src/app/canvas/box-words.ts';

it('are cut with an ellipsis, and left out where too little would be left', () => {
  expect(cutTo('pears', 5)).toBe('pears');
  expect(cutTo('apples', 5)).toBe('appl…');
  expect(cutTo('apples', 4)).toBeNull();
});

it('are broken at blanks', () => {
  expect(wrapped('Let me look at the tree first', 12, 8)).toEqual(['Let me look', 'at the tree', 'first']);
  expect(wrapped('Let me look at the tree first', 12, 2)).toEqual(['Let me look', 'at the tree…']);
  expect(wrapped('aaaaaaaaaaaaaaaaaaaa', 8, 3)).toEqual(['aaaaaaaa', 'aaaaaaaa', 'aaaa']);
});

it('keep to the width and the number of lines, and hold the beginning of the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 8 }), (text, letters, most) => {
      const plain = text.replace(/\s+/g, ' ').trim();
      const lines = wrapped(plain, letters, most);
      expect(lines.length).toBeLessThanOrEqual(most);
      expect(Math.max(0, ...lines.map((line) => line.length))).toBeLessThanOrEqual(letters);
      const told = lines.join('').replaceAll(' ', '');
      const whole = plain.replaceAll(' ', '');
      expect(told === whole || (told.endsWith('…') && whole.startsWith(told.slice(0, -1)))).toBe(true);
    }),
  );
});
