/** Distances of answers in words, against all ways to pair equal words. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerDistance, answerWords } from '../../../../src/core/truths/answers.ts';

function common(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  return Math.max(common(rest, b), at < 0 ? 0 : 1 + common(rest, b.slice(at + 1)));
}

it('counts words without an equal partner', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const all = a.length + b.length;
      expect(answerDistance(a, b)).toBe(all === 0 ? 0 : (all - 2 * common(a, b)) / all);
      expect(answerDistance(a, a)).toBe(0);
      expect(answerDistance(a, b)).toBe(answerDistance(b, a));
    }),
  );
});

it('takes words without case and marks, of any script', () => {
  expect(answerWords('  The answer: **42** (Größe!) — 東京。')).toEqual(['the', 'answer', '42', 'größe', '東京']);
  expect(answerWords('…!')).toEqual([]);
});
