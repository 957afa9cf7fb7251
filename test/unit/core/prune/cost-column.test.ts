/** The page's cut against the session's: the same for every budget, unit and scope. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { costColumn, costSums, cutRankAt } from '../../../../src/core/prune/cost-column.ts';
import { cutAt } from '../../../../src/core/prune/cut.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { nodeTasks } from '../../../../src/core/prune/problem.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { withOutcome } from '../../../../src/core/tree/outcome.ts';
import { nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

/** Which trajectories succeeded, in turn; null: all may train. */
const rewards = fc.option(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }));

function learning(forest: Forest, won: readonly boolean[]): Forest {
  const reward = forest.trajectories.reward.map((_, t) => (won[t % won.length] ? 1 : 0));
  return withOutcome({ ...forest, trajectories: { ...forest.trajectories, reward } }, 'successes');
}

const anyOrder = nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
  fc
    .tuple(ruleArbitrary(nodes.length), fc.constantFrom('distinct', 'flat', 'flops'), fc.constantFrom('global', 'task'), rewards)
    .map(([rule, unit, scope, won]) => {
      // Parameters that are no whole number give costs that are none.
      const problem = problemOf(nodes, { ...rule, unit, scope, model: { parameters: 7.3e9, layers: 28, width: 3584 } });
      return planOrder(won === null ? problem : { ...problem, forest: learning(problem.forest, won) });
    }),
);

it('gives the cut rank of every budget', () => {
  fc.assert(
    fc.property(anyOrder, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (order, shares) => {
      for (let task = 0; task < order.tasks; task++) {
        const column = costColumn(order, task);
        const sums = costSums(column);
        const scope = order.scope === 'global' ? 0 : task;
        expect(sums.sums).toEqual(order.cost.slice(order.start[scope], order.start[scope + 1]));
        const total = sums.sums.at(-1) ?? 0;
        // Shares at, just below and just above every group's end, besides any.
        const edges = Array.from(sums.sums, (cost) => (total > 0 ? cost / total : 0)).flatMap((at) => [
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
  const fractions = {
    ...whole[0]!,
    scope: 'global',
    start: Int32Array.of(0, 3),
    useful: Int32Array.of(2),
    cost: Float64Array.of(0, 0.1, 0.3),
  } as const;
  expect(costColumn(fractions, 0)).toEqual({ useful: 2, sums: Float64Array.of(0, 0.1, 0.3) });
});

it('keeps all that may train at the whole budget, and nothing behind the last of it', () => {
  let shorter = 0;
  fc.assert(
    fc.property(
      nodesArbitrary({ size: 24, open: true, kinds: true }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      (nodes, won) => {
        const problem = problemOf(nodes, { strategy: 'density' });
        const forest = learning(problem.forest, won);
        const order = planOrder({ ...problem, forest });
        const { limit } = cutAt(order, 1);
        const tasks = nodeTasks(forest);
        const last = Math.max(-1, ...[...forest.sampledCount.keys()].filter((n) => forest.sampledCount[n]! > 0).map((n) => order.rank[n]!));
        for (let n = 0; n < forest.length; n++) expect(order.rank[n]! < limit[tasks[n]!]!).toBe(order.rank[n]! <= last);
        if (last + 1 < order.start[1]! - 1) shorter++;
      },
    ),
  );
  expect(shorter).toBeGreaterThan(10);
});
