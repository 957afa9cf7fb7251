import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { brokenPairs, keptAt, orphanNodes } from './checks.ts';
import { BARE, keyOfRow, nodesArbitrary, problemOf } from './forests.ts';

const SHARES = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1];

/** The child that most trajectories take, the first of equals, or NONE. */
function mostReachedChild(forest: Forest, n: number): number {
  let best = NONE;
  for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) {
    if (best === NONE || forest.reachCount[c] > forest.reachCount[best]) best = c;
  }
  return best;
}

describe('protection', () => {
  it('lets the largest favour count where several apply', () => {
    const nodes = [{ parent: NONE, kind: 'memory' as const, flags: FLAG.error }];
    const factor = (tool: number, memory: number, error: number): number =>
      planOrder(
        problemOf(nodes, {
          ...BARE,
          protect: {
            tool: { level: 'favour', factor: tool },
            memory: { level: 'favour', factor: memory },
            error: { level: 'favour', factor: error },
          },
        }),
      ).plan.protections.factor[0];
    expect([factor(2, 3, 4), factor(4, 3, 2), factor(2, 5, 1)]).toEqual([4, 4, 5]);
  });

  it('completes a pin below its own end, whatever else is pinned beside it', () => {
    const problem = problemOf(
      [
        { parent: NONE, kind: 'memory' },
        { parent: 0, kind: 'thinking', flags: FLAG.open }, // kept with the pin as its context
        { parent: 1, tokens: 4, ends: 1 },
        { parent: 1, signal: 9 },
        { parent: 0, kind: 'memory' },
      ],
      { ...BARE, protect: { memory: { level: 'pin' } }, context: 1 },
    );
    expect(planOrder(problem).pinnedCost).toBe(1 + 1 + 4 + 1);
  });
});

describe('pairs and context', () => {
  it('keeps a call and its result together or not at all', () => {
    const problem = problemOf([
      { parent: NONE },
      { parent: 0, kind: 'call', flags: FLAG.open, signal: 5 },
      { parent: 1, kind: 'result', tokens: 3 },
    ]);
    expect(keptAt(problem, 2)).toBe('0');
    expect(keptAt(problem, 5)).toBe('0 1 2');
  });

  it('keeps a call with the first of several results that the order takes', () => {
    const problem = problemOf([
      { parent: NONE },
      { parent: 0, kind: 'call', flags: FLAG.open, signal: 5 },
      { parent: 1, kind: 'result', tokens: 3 },
      { parent: 1, kind: 'result', tokens: 3, signal: 1 },
    ]);
    expect(keptAt(problem, 4)).toBe('0');
    expect(keptAt(problem, 5)).toBe('0 1 3');
  });

  it('keeps the segments that follow a protected node on its most-reached path', () => {
    const nodes = [
      { parent: NONE },
      { parent: 0, kind: 'call' as const, signal: 5 },
      { parent: 1, kind: 'result' as const },
      { parent: 1, kind: 'result' as const, ends: 1 },
      { parent: 3, tokens: 2 },
      { parent: 0, signal: 4 },
    ];
    const favour = { tool: { level: 'favour', factor: 1 } } as const;
    expect(keptAt(problemOf(nodes, { ...BARE, protect: favour, context: 0 }), 2)).toBe('0 1');
    expect(keptAt(problemOf(nodes, { ...BARE, protect: favour, context: 1 }), 3)).toBe('0 5');
    expect(keptAt(problemOf(nodes, { ...BARE, protect: favour, context: 1 }), 4)).toBe('0 1 3 5');
    expect(planOrder(problemOf(nodes, { ...BARE, protect: favour, context: 2 })).rank).toEqual(Int32Array.of(0, 2, 3, 2, 2, 1));
  });

  it('keeps with every kept protected node as many segments as asked for', () => {
    const protect = { memory: { level: 'pin' }, tool: { level: 'favour', factor: 2 } } as const;
    fc.assert(
      fc.property(nodesArbitrary({ size: 24, kinds: true }), fc.nat({ max: 3 }), fc.constantFrom(...SHARES), (nodes, context, share) => {
        const problem = problemOf(nodes, { protect, context });
        const order = planOrder(problem);
        const kept = keepMask(problem.forest, order, cutAt(order, share));
        for (const [n, node] of nodes.entries()) {
          if (kept[n] === 0 || (node.kind !== 'memory' && node.kind !== 'call')) continue;
          for (let m = n, i = 0; m !== NONE && i <= context; m = mostReachedChild(problem.forest, m), i++) expect(kept[m]).toBe(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('starts at once for a node chosen by hand inside a segment, and finishes that segment first', () => {
    const text = { kind: 'text' as const };
    const nodes = [
      { parent: NONE, ...text, flags: FLAG.open },
      { parent: 0, ...text },
      { parent: 0, ...text, ends: 1 },
      { parent: 2, kind: 'thinking' as const },
      { parent: 3, ...text },
    ];
    const order = planOrder(problemOf(nodes, { ...BARE, hand: [{ key: keyOfRow(0), protection: { level: 'pin' } }], context: 1 }));
    expect([...order.plan.units.unitOf]).toEqual([0, 1, 0, 0, 2]);
    expect(order.pinnedCost).toBe(3);
  });

  it('follows the last segment to its end where a fork cuts it', () => {
    const text = { kind: 'text' as const, tool: NONE };
    const nodes = [
      { parent: NONE, kind: 'call' as const },
      { parent: 0, ...text, flags: FLAG.open },
      { parent: 1, ...text },
      { parent: 1, ...text, ends: 1 },
    ];
    const unitOf = (specs: typeof nodes): number[] => [
      ...planOrder(problemOf(specs, { ...BARE, protect: { tool: { level: 'favour', factor: 2 } }, context: 1 })).plan.units.unitOf,
    ];
    expect(unitOf(nodes)).toEqual([0, 0, 1, 0]);
    // Another tool is another segment.
    expect(unitOf(nodes.map((node, n) => (n === 3 ? { ...node, tool: 1 } : node)))).toEqual([0, 0, 1, 2]);
  });

  it('are found broken when a cut breaks them', () => {
    const problem = problemOf([{ parent: NONE, flags: FLAG.open }, { parent: 0 }, { parent: 1 }]);
    const order = planOrder(problem);
    const cut = { ...cutAt(order, 1), limit: Int32Array.of(1) };
    expect([...brokenPairs(problem.forest, { ...order, rank: Int32Array.of(0, 1, 1) }, cut)]).toEqual([0]);
    expect([...orphanNodes(problem.forest, { ...order, rank: Int32Array.of(0, 1, 0) }, cut)]).toEqual([2]);
  });

  it('counts a segment once however often forks cut it', () => {
    const call = { kind: 'call' as const, tool: 0 };
    const nodes = [
      { parent: NONE, ...call, flags: FLAG.open },
      { parent: 0, ...call, ends: 1 }, // the call goes on here
      { parent: 1, kind: 'result' as const },
      { parent: 0, ...call },
      { parent: 3, kind: 'result' as const },
    ];
    const order = planOrder(problemOf(nodes, { ...BARE, protect: { tool: { level: 'favour', factor: 2 } }, context: 1 }));
    expect([...order.plan.units.unitOf]).toEqual([0, 1, 1, 2, 2]);
  });
});
