/** The page's cut against the session's: the same for every budget, unit and scope. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { costColumn, costSums, cutRankAt } from '../../../../src/core/prune/cost-column.ts';
import { cutAt } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

const anyOrder = nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
  fc
    .tuple(ruleArbitrary(nodes.length), fc.constantFrom('distinct', 'flat', 'flops'), fc.constantFrom('global', 'task'))
    .map(([rule, unit, scope]) =>
      // Parameters that are no whole number give costs that are none.
      planOrder(problemOf(nodes, { ...rule, unit, scope, model: { parameters: 7.3e9, layers: 28, width: 3584 } })),
    ),
);

it('gives the cut rank of every budget', () => {
  fc.assert(
    fc.property(anyOrder, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (order, shares) => {
      for (let task = 0; task < order.tasks; task++) {
        const column = costColumn(order, task);
        const sums = costSums(column);
        const scope = order.scope === 'global' ? 0 : task;
        expect(sums).toEqual(order.cost.slice(order.start[scope], order.start[scope + 1]));
        const total = sums[sums.length - 1];
        // Shares at, just below and just above every group's end, besides any.
        const edges = Array.from(sums, (cost) => (total > 0 ? cost / total : 0)).flatMap((at) => [
          at,
          at * (1 - 1e-15),
          Math.min(1, at + 1e-15),
        ]);
        for (const share of [0, 1, ...shares, ...edges]) expect(cutRankAt(sums, share)).toBe(cutAt(order, share).limit[task]);
      }
    }),
    { numRuns: 300 },
  );
});

it('moves a byte for a group of few tokens, and sums where costs are no whole numbers', () => {
  const whole = fc.sample(anyOrder, { seed: 1, numRuns: 40 });
  const columns = whole.filter((order) => order.tasks > 0).map((order) => costColumn(order, 0));
  expect(columns.some((column) => 'steps' in column && column.steps instanceof Uint8Array)).toBe(true);
  const fractions = { ...whole[0]!, scope: 'global', start: Int32Array.of(0, 3), cost: Float64Array.of(0, 0.1, 0.3) } as const;
  expect(costColumn(fractions, 0)).toEqual({ sums: Float64Array.of(0, 0.1, 0.3) });
});
