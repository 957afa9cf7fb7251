/** Every registered strategy: an order of all units that are not mandatory, parents first. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { STRATEGIES } from '../../../../src/core/prune/strategies.ts';
import type { Strategy } from '../../../../src/core/model/rule.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { orderUnits } from '../../../../src/core/prune/unit-order.ts';
import { planUnits } from '../../../../src/core/prune/units.ts';
import { nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

const problems = nodesArbitrary({ size: 12, open: true, kinds: true }).chain((nodes) =>
  ruleArbitrary(nodes.length).map((rule) => problemOf(nodes, rule)),
);

it('takes every unit once, and never before its parent', () => {
  fc.assert(
    fc.property(problems, fc.constantFrom(...STRATEGIES.map(({ id }) => id)), (problem, strategy) => {
      const { units } = planUnits(problem);
      const { order, mandatory } = orderUnits(problem, units, strategy, 1);
      expect(new Set(order).size).toBe(units.length);
      const at = new Int32Array(units.length);
      for (const [i, u] of order.entries()) at[u] = i;
      for (let u = 0; u < units.length; u++) {
        if (units.parent[u] !== NONE) expect(at[units.parent[u]]).toBeLessThan(at[u]);
        expect(at[u] < mandatory).toBe(units.mandatory[u] === 1);
      }
    }),
  );
});

it('refuses a strategy that nobody registered', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      expect(() => orderUnits(problem, planUnits(problem).units, 'magic' as Strategy, 0)).toThrow('expected a strategy, found magic');
    }),
    { numRuns: 1 },
  );
});

it('names each strategy once, with a sentence', () => {
  expect(new Set(STRATEGIES.map(({ id }) => id)).size).toBe(STRATEGIES.length);
  for (const { label, help } of STRATEGIES) expect(`${label}: ${help}`).toMatch(/^(?:[^A-Z]+|KAT-Coder procedure): [A-Z].*\.$/);
});
