import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { explainNode } from '../../../../src/core/prune/explain.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { BARE, keyOfRow, nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

it('says what the order knows of a favoured call', () => {
  const problem = problemOf(
    [
      { parent: NONE, tokens: 2 },
      { parent: 0, kind: 'call', tokens: 2, signal: 3, flags: FLAG.open | FLAG.sampled },
      { parent: 1, kind: 'result', tokens: 2, flags: 0 },
      { parent: 0, tokens: 4, signal: 1 },
    ],
    { ...BARE, protect: { tool: { level: 'favour', factor: 2 } } },
  );
  const order = planOrder(problem);
  expect(explainNode(problem, order, cutAt(order, 0.6), 1)).toEqual({
    node: 1,
    kept: true,
    rank: 2,
    ranks: 3,
    signal: 3,
    signalPerToken: 1.5,
    importance: 3,
    cost: 2,
    keptFrom: 0.6,
    blockOpens: 0,
    protection: { level: 'favour', factor: 2, because: 'tool' },
    demandedByPin: false,
    unit: [
      { node: 1, kind: 'call', joinedBy: 'pair' },
      { node: 2, kind: 'result', joinedBy: null },
    ],
    waits: false,
  });
  expect(explainNode(problem, order, cutAt(order, 0.6), 3)).toMatchObject({ kept: false, keptFrom: 1, blockOpens: 0.6 });
});

it('puts a choice by hand before every event kind', () => {
  const nodes = [
    { parent: NONE, kind: 'memory' as const },
    { parent: 0, kind: 'memory' as const },
  ];
  const problem = problemOf(nodes, {
    ...BARE,
    protect: { memory: { level: 'pin' }, tool: { level: 'favour', factor: 9 } },
    hand: [{ key: keyOfRow(1), protection: { level: 'off' } }],
  });
  const order = planOrder(problem);
  const reason = (n: number): object => explainNode(problem, order, cutAt(order, 1), n);
  expect(reason(0)).toMatchObject({ protection: { level: 'pin', because: 'memory' }, demandedByPin: false });
  expect(reason(1)).toMatchObject({ protection: { level: 'off' }, demandedByPin: false });
  expect([...order.plan.protections.factor]).toEqual([9, 1]);
});

it('names the least budget that keeps a node', () => {
  const anyProblem = nodesArbitrary({ size: 20, open: true, kinds: true }).chain((nodes) =>
    ruleArbitrary(nodes.length).map((rule) => problemOf(nodes, { ...rule, scope: 'global' })),
  );
  fc.assert(
    fc.property(anyProblem, fc.nat(), (problem, pick) => {
      const order = planOrder(problem);
      const node = pick % problem.forest.length;
      const reason = explainNode(problem, order, cutAt(order, 0.4), node);
      const keptAt = (share: number): number => keepMask(problem.forest, order, cutAt(order, share))[node];
      expect(reason.kept).toBe(keptAt(0.4) === 1);
      expect(keptAt(reason.keptFrom)).toBe(1);
      expect(keptAt(Math.max(0, reason.keptFrom - 1e-9))).toBe(0);
      expect(reason.unit.some((member) => member.node === node)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
