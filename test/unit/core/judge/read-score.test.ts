import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScore } from '../../../../src/core/judge/read-score.ts';
import { sampleMean } from '../../../../src/core/judge/sample-mean.ts';

describe('a score', () => {
  it.each([
    ['{"score": 7}', 7],
    ['{"score": 7.5, "why": "fine"}', 7.5],
    ['```json\n{\n  "score": "8"\n}\n```', 8],
    ["{'score': 3}", 3],
    ['{"why": "score: high", "score": 10}', 10],
    ['**Score:** 6/10', 6],
    ['<think>{"score": 1}</think>\n{"score": 9}', 9],
    ['First I thought score: 2, in the end\n{"score": 4}', 4],
    ['5', 5],
    ['0/10', 0],
    ['{"score": 7.333333333333333}', 7.333333333333333],
    ['{"score": 6.}', 6],
    ['{"score": 7', 7],
    ['score: 7 - 3 tests fail', 7],
    ['score: 6/10 - fine', 6],
  ])('%s', (text, score) => expect(readScore(text)).toEqual({ ok: true, score }));

  it.each([
    ['', 'an empty answer'],
    ['<think>{"score": 9}', 'an empty answer'],
    ['I cannot say.', '“I cannot say.”'],
    ['{"score": 11}', '11'],
    ['{"score": -1}', '-1'],
    ['score: 85/100', '85 out of 100'],
    ['score: 5%', '“score: 5%”'],
    ['Score: 7-8', '“Score: 7-8”'],
    ['score: 3 to 5', '“score: 3 to 5”'],
    ['{"score": 1e1}', '“{"score": 1e1}”'],
    ['{"test_score": 4}', '“{"test_score": 4}”'],
    ['{"score": null}', '“{"score": null}”'],
  ])('is none in %s', (text, found) => expect(readScore(text)).toEqual({ ok: false, found }));

  it('is what was written, in whichever wrapping', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.double({ min: 0.001, max: 10, noNaN: true }));
    const wrap = fc.constantFrom(
      (n: number) => JSON.stringify({ score: n }),
      (n: number) => JSON.stringify({ why: 'it {works}', score: n }, null, 2),
      (n: number) => `Here it is:\n\`\`\`json\n${JSON.stringify({ score: n })}\n\`\`\``,
      (n: number) => `${n}`,
    );
    fc.assert(
      fc.property(number, wrap, (n, write) => {
        expect(readScore(write(n))).toEqual({ ok: true, score: n });
      }),
    );
  });

  it.each(['score', 'score:', 'score: ', '"', '1', '/', '<think>'])('is looked for in %s without end, and none is found', (piece) => {
    expect(readScore(piece.repeat(300_000))).toMatchObject({ ok: false });
  });
});

describe('the mean of samples', () => {
  it('equals sums by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 9 }), (scores) => {
        const n = scores.length;
        const { samples, mean, spread } = sampleMean(scores);
        expect(samples).toBe(n);
        if (n === 0) {
          expect([mean, spread]).toEqual([null, null]);
          return;
        }
        const pairs = scores.flatMap((a, i) => scores.slice(i + 1).map((b) => (a - b) ** 2));
        expect(mean).toBeCloseTo(scores.reduce((a, b) => a + b, 0) / n, 12);
        // Σ over pairs of squared differences = n × Σ squared deviations.
        if (n < 2) {
          expect(spread).toBeNull();
          return;
        }
        expect(spread).toBeCloseTo(Math.sqrt(pairs.reduce((a, b) => a + b, 0) / n / (n - 1)), 12);
      }),
    );
  });
});
