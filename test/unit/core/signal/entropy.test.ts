import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasEntropy, nodeEntropy, tokenEntropies, tokensBySource } from '../../../../src/core/signal/entropy.ts';
import { ENTROPY_SOURCES } from '../../../../src/core/signal/entropy-source.ts';
import { KAPPA } from '../../../../src/core/signal/shrinkage.ts';
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
  expect([...tokensBySource(forest)]).toEqual([2, 1, 0, 2, 0, 0, 1]);
});

it('takes a model where the log says nothing of a token', () => {
  const { forest } = treeFromText('A!3 | B?7 | C | D');
  const model = Float32Array.of(NaN, NaN, 4, NaN);
  const entropy = nodeEntropy(forest, 'sum', model);
  expect(sources(entropy.source)).toEqual(['logged', 'surprisal', 'model', 'none']);
  expect([...entropy.h]).toEqual([3, 7, 4, 0]);
  expect([...tokensBySource(forest, tokenEntropies(forest, model))]).toEqual([1, 0, 1, 1, 0, 0, 1]);
  expect([...tokensBySource(treeFromText('A B | C').forest)]).toEqual([0, 0, 0, 0, 0, 0, 3]);
});

it('is the log alone where no model has scored it, the model alone where the log says nothing, and the log in the limit', () => {
  const draw = fc.array(fc.record({ surprisal: fc.integer({ min: 0, max: 99 }), model: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(draw, (tokens) => {
      const model = Float32Array.from(tokens, (token) => token.model);
      const logged = treeFromText(tokens.map(({ surprisal }, i) => `T${i}?${surprisal}`).join(' | ')).forest;
      expect([...nodeEntropy(logged, 'sum', null).h]).toEqual(tokens.map(({ surprisal }) => surprisal));
      const silent = treeFromText(tokens.map((_, i) => `T${i}`).join(' | ')).forest;
      expect([...nodeEntropy(silent, 'sum', model).h]).toEqual([...model]);
      // The same two nodes, ever longer: means of the log count ever more.
      for (const times of [1, 1000]) {
        const long = treeFromText(`${'A?1 '.repeat(times)}| ${'B?3 '.repeat(times)}`).forest;
        const by = Float32Array.from({ length: 2 * times }, (_, at) => (at < times ? 3 : 1));
        const [a, b] = nodeEntropy(long, 'mean', by).h;
        const share = times / (times + KAPPA);
        expect([a, b]).toEqual([expect.closeTo(3 - 2 * share, 6), expect.closeTo(1 + 2 * share, 6)]);
      }
    }),
    { numRuns: 20 },
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
