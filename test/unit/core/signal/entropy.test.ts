import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENTROPY_SOURCES, hasEntropy, nodeEntropy, tokensBySource } from '../../../../src/core/signal/entropy.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const sources = (codes: Uint8Array) => Array.from(codes, (code) => ENTROPY_SOURCES[code]);

it('takes the best source that each token has', () => {
  const { forest } = treeFromText('A!3?7[1,9] | B?7[1,2] | C?7 | D | e!5 | F!1 G?1');
  const entropy = nodeEntropy(forest, 'sum');
  expect(sources(entropy.source)).toEqual(['logged', 'top-k', 'surprisal', 'none', 'none', 'mixed']);
  expect([...entropy.h]).toEqual([3, 1.5, 7, 0, 0, 2]);
  expect([...entropy.low]).toEqual([3, 1, 7, 0, 0, 2]);
  expect([...entropy.high]).toEqual([3, 2, 7, 0, 0, 2]);
  expect([...entropy.known]).toEqual([1, 1, 1, 0, 0, 2]);
  expect([...entropy.sampledTokens]).toEqual([1, 1, 1, 1, 0, 2]);
  expect([...tokensBySource(forest)]).toEqual([2, 1, 0, 2, 0, 1]);
});

it('takes a model where the log says nothing of a token', () => {
  const { forest } = treeFromText('A!3 | B?7 | C | D');
  const model = Float32Array.of(1, 2, 4, Number.NaN);
  const entropy = nodeEntropy(forest, 'sum', model);
  expect(sources(entropy.source)).toEqual(['logged', 'surprisal', 'model', 'none']);
  expect([...entropy.h]).toEqual([3, 7, 4, 0]);
  expect([...tokensBySource(forest, model)]).toEqual([1, 0, 1, 1, 0, 1]);
  expect([...tokensBySource(treeFromText('A B | C').forest)]).toEqual([0, 0, 0, 0, 0, 3]);
});

it("ranks by the policy's own log-probs where all are logged, whatever a model says, and by the model where none is", () => {
  const draw = fc.array(fc.record({ surprisal: fc.integer({ min: 0, max: 99 }), model: fc.double({ min: 0, max: 9, noNaN: true }) }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(draw, (tokens) => {
      const model = Float32Array.from(tokens, (token) => token.model);
      const logged = treeFromText(tokens.map(({ surprisal }, i) => `T${i}?${surprisal}`).join(' | ')).forest;
      expect([...nodeEntropy(logged, 'sum', model).h]).toEqual([...nodeEntropy(logged, 'sum').h]);
      const silent = treeFromText(tokens.map((_, i) => `T${i}`).join(' | ')).forest;
      expect([...nodeEntropy(silent, 'sum', model).h]).toEqual([...model]);
    }),
  );
});

it('aggregates by sum, mean or the mean of the largest fifth', () => {
  const { forest } = treeFromText('A!1 B!2 C!3 D!4 E!5 F!6 G');
  expect([...nodeEntropy(forest, 'sum').h]).toEqual([21]);
  expect([...nodeEntropy(forest, 'mean').h]).toEqual([3.5]);
  expect([...nodeEntropy(forest, 'top20').h]).toEqual([5.5]);
  expect([...nodeEntropy(forest, 'top20').sum]).toEqual([21]);
});

it('knows whether any sampled token has a value', () => {
  expect(hasEntropy(nodeEntropy(treeFromText('A?1 b').forest, 'sum'))).toBe(true);
  expect(hasEntropy(nodeEntropy(treeFromText('A b').forest, 'sum'))).toBe(false);
  expect(hasEntropy(nodeEntropy(treeFromText('A b?1').forest, 'sum'))).toBe(false);
});

it('counts negative values and keeps them', () => {
  const entropy = nodeEntropy(treeFromText('A?-0.5 B?1').forest, 'sum');
  expect([entropy.negative, ...entropy.h]).toEqual([1, 0.5]);
});
