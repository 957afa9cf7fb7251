import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { budgetOf, nodeCosts } from '../../../../src/core/prune/cost.ts';
import { problemOf } from './forests.ts';

it('reaches a budget given as a whole number of tokens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat({ max: 1e9 }), (total, part) => {
      const tokens = part % (total + 1);
      expect(budgetOf(tokens / total, total)).toBe(tokens);
    }),
  );
});

it('costs FLOPs by the position of every token', () => {
  const { forest } = problemOf([
    { parent: NONE, tokens: 2 },
    { parent: 0, tokens: 3 },
  ]);
  const model = { parameters: 10, layers: 2, width: 5 };
  // 20 per token, and 40 for each token before it on the path.
  expect([...nodeCosts(forest, 'flops', model)]).toEqual([20 + 60, 100 + 140 + 180]);
  expect(() => nodeCosts(forest, 'flops')).toThrow('expected a model shape');
});
