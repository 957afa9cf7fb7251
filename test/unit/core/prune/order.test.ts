import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import type { Strategy } from '../../../../src/core/model/rule.ts';
import { boundAt, pinnedBoundAt } from '../../../../src/core/prune/bound.ts';
import { budgetOf } from '../../../../src/core/prune/cost.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { brokenPairs, keptAt, orphanNodes } from './checks.ts';
import { BARE, nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';
import { bestOfAllSubsets, knapsackCurve } from './oracle.ts';

const SHARES = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1];
const anyProblem = nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
  ruleArbitrary(nodes.length).map((rule) => problemOf(nodes, rule)),
);

describe('a cut of any problem', () => {
  it('is closed under parents, within its budget, and ends no path inside an event or before a result', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const order = planOrder(problem);
        for (const share of SHARES) {
          const cut = cutAt(order, share);
          expect(cut.cost).toBeLessThanOrEqual(cut.budget);
          expect([...orphanNodes(problem.forest, order, cut)]).toEqual([]);
          expect([...brokenPairs(problem.forest, order, cut)]).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('grows with the budget and never loses a node', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const order = planOrder(problem);
        let before = keepMask(problem.forest, order, cutAt(order, 0));
        for (const share of SHARES) {
          const after = keepMask(problem.forest, order, cutAt(order, share));
          expect(before.every((kept, n) => kept <= after[n])).toBe(true);
          before = after;
        }
        expect(before.every((kept) => kept === 1)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('reports the cost and raw signal of exactly the nodes it keeps', () => {
    fc.assert(
      fc.property(anyProblem, fc.double({ min: 0, max: 1, noNaN: true }), (problem, share) => {
        const order = planOrder(problem);
        const cut = cutAt(order, share);
        const kept = keepMask(problem.forest, order, cut);
        const sum = (column: Float64Array): number => column.reduce((s, v, n) => s + v * kept[n], 0);
        expect(cut.cost).toBe(sum(order.plan.cost));
        expect(cut.signal).toBe(sum(problem.signal));
      }),
      { numRuns: 400 },
    );
  });

  it('stops at the first group that does not fit, in each scope', () => {
    fc.assert(
      fc.property(anyProblem, fc.double({ min: 0, max: 1, noNaN: true }), (problem, share) => {
        const order = planOrder(problem);
        const cut = cutAt(order, share);
        for (let s = 0; s + 1 < order.start.length; s++) {
          const total = order.cost[order.start[s + 1] - 1];
          let groups = 0;
          while (order.start[s] + groups + 1 < order.start[s + 1] && order.cost[order.start[s] + groups + 1] <= budgetOf(share, total))
            groups++;
          expect(cut.limit[s]).toBe(groups);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every pinned node once the floor is met, and says so when it is not', () => {
    let unmet = 0;
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const order = planOrder(problem);
        const { pinned } = order.plan.protections;
        for (const share of SHARES) {
          const cut = cutAt(order, share);
          const kept = keepMask(problem.forest, order, cut);
          if (cut.floorUnmet === 0) expect(kept.every((k, n) => k >= pinned[n])).toBe(true);
          else {
            unmet++;
            expect(kept.some((k, n) => k < pinned[n])).toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(unmet).toBeGreaterThan(100);
  });

  it('never retains more than the bound', () => {
    fc.assert(
      fc.property(anyProblem, fc.double({ min: 0, max: 1, noNaN: true }), (problem, share) => {
        const order = planOrder(problem);
        expect(cutAt(order, share).signal).toBeLessThanOrEqual(boundAt(order.bound, share) + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same when planned again', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        expect(planOrder(problem).rank).toEqual(planOrder(problem).rank);
      }),
      { numRuns: 100 },
    );
  });
});

describe('pinned groups', () => {
  it('cost no more than the least closed set that holds the pins where nothing is open', () => {
    fc.assert(
      fc.property(nodesArbitrary({ size: 16, kinds: true }), (nodes) => {
        const problem = problemOf(nodes, { ...BARE, protect: { memory: { level: 'pin' } } });
        const order = planOrder(problem);
        const needed = new Set<number>();
        for (const [n, node] of nodes.entries()) {
          if (node.kind !== 'memory') continue;
          for (let m = n; m !== NONE; m = nodes[m].parent) needed.add(m);
        }
        let floor = 0;
        for (const n of needed) floor += nodes[n].tokens ?? 1;
        expect(order.pinnedCost).toBe(floor);
      }),
    );
  });

  it('compete by importance below the floor', () => {
    const problem = problemOf(
      [
        { parent: NONE, signal: 1 },
        { parent: 0, signal: 2, kind: 'memory' },
        { parent: 0, signal: 9 },
        { parent: 0, signal: 5, kind: 'memory' },
      ],
      { ...BARE, protect: { memory: { level: 'pin' } } },
    );
    expect(keptAt(problem, 2)).toBe('0 3');
    expect(keptAt(problem, 3)).toBe('0 1 3');
    const order = planOrder(problem);
    expect(order.pinnedCost).toBe(3);
    expect(cutAt(order, 0.5).floorUnmet).toBe(1);
    expect(cutAt(order, 0.75).floorUnmet).toBe(0);
  });

  it('bring the most-reached completion of an open pinned call', () => {
    const problem = problemOf(
      [
        { parent: NONE },
        { parent: 0, kind: 'memory', flags: FLAG.open },
        { parent: 1, kind: 'result', tokens: 2 },
        { parent: 1, kind: 'result', tokens: 3, ends: 2 },
        { parent: 0, signal: 50 },
      ],
      { ...BARE, protect: { memory: { level: 'pin' } } },
    );
    expect(planOrder(problem).pinnedCost).toBe(1 + 1 + 3);
    expect(keptAt(problem, 5)).toBe('0 1 3');
  });
});

describe('density', () => {
  it('holds the exact optimum at every block boundary', () => {
    fc.assert(
      fc.property(nodesArbitrary({ size: 20 }), (nodes) => {
        const problem = problemOf(nodes);
        const order = planOrder(problem);
        const best = knapsackCurve(problem.forest, order.plan.cost, problem.signal, order.totalCost);
        for (let row = 1; row < order.cost.length; row++) {
          const opens = order.blockOpens[row];
          expect(order.signal[opens]).toBe(best[order.cost[opens]]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stays below the bound that stays above the optimum, open nodes or not', () => {
    fc.assert(
      fc.property(nodesArbitrary({ size: 9, open: true }), fc.constantFrom(0.2, 0.5, 0.8), (nodes, share) => {
        const problem = problemOf(nodes);
        const order = planOrder(problem);
        const best = bestOfAllSubsets(problem.forest, order.plan.cost, problem.signal, share * order.totalCost);
        expect(cutAt(order, share).signal).toBeLessThanOrEqual(best);
        expect(best).toBeLessThanOrEqual(boundAt(order.bound, share) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('has a bound over the keep sets with every pin that stays above their optimum, and at or below the plain bound', () => {
    let fitting = 0;
    fc.assert(
      fc.property(nodesArbitrary({ size: 9, open: true, kinds: true }), fc.constantFrom(0.3, 0.6, 0.9), (nodes, share) => {
        const problem = problemOf(nodes, { ...BARE, protect: { memory: { level: 'pin' } } });
        const order = planOrder(problem);
        if (order.pinnedBound === null) {
          expect(order.plan.protections.pinned.includes(1)).toBe(false);
          return;
        }
        const bound = pinnedBoundAt(order.pinnedBound, share);
        const best = bestOfAllSubsets(
          problem.forest,
          order.plan.cost,
          problem.signal,
          share * order.totalCost,
          order.plan.protections.pinned,
        );
        if (bound === null) expect(best).toBe(-1);
        else {
          fitting++;
          expect(best).toBeLessThanOrEqual(bound + 1e-9);
          expect(bound).toBeLessThanOrEqual(boundAt(order.bound, share) + 1e-9);
        }
      }),
      { numRuns: 200 },
    );
    expect(fitting).toBeGreaterThan(20);
  });

  it('takes a poor node for the rich one below it', () => {
    const problem = problemOf([
      { parent: NONE, tokens: 1 },
      { parent: 0, tokens: 2, signal: 3 },
      { parent: 0, tokens: 1, signal: 0 },
      { parent: 2, tokens: 1, signal: 9 },
    ]);
    expect(keptAt(problem, 3)).toBe('0 2 3');
    expect(keptAt({ ...problem, rule: { ...problem.rule, strategy: 'best-first' } }, 3)).toBe('0 1');
  });

  it('ranks a favoured node higher and reports its signal as it is', () => {
    const nodes = [{ parent: NONE }, { parent: 0, signal: 3 }, { parent: 0, signal: 2, kind: 'call' as const }];
    expect(keptAt(problemOf(nodes), 2)).toBe('0 1');
    const favoured = problemOf(nodes, { ...BARE, protect: { tool: { level: 'favour', factor: 2 } } });
    expect(keptAt(favoured, 2)).toBe('0 2');
    expect(cutAt(planOrder(favoured), 1).signal).toBe(5);
  });
});

describe('strategies', () => {
  const nodes = [
    { parent: NONE, tokens: 1, signal: 1 },
    { parent: 0, tokens: 4, signal: 1, ends: 1 }, // short and often
    { parent: 0, tokens: 2, signal: 8 },
    { parent: 2, tokens: 5, signal: 2 },
  ];
  const kept = (strategy: Strategy, tokens: number): string =>
    keptAt(
      problemOf(
        nodes,
        { ...BARE, strategy },
        {
          trajectoryAdvantage: Float64Array.of(-3, 0.5, 1),
          trajectoryReward: Float64Array.of(1, 0.5, 0),
        },
      ),
      tokens,
    );

  it('best-first: the most important node of the frontier', () => expect(kept('best-first', 3)).toBe('0 2'));
  it('reach: the node that most trajectories pass', () => expect(kept('reach', 5)).toBe('0 1'));
  it('breadth-first: the node with the fewest tokens above it', () => expect(kept('breadth-first', 7)).toBe('0 1 2'));
  it('longest-path: the whole of the longest trajectory', () => expect(kept('longest-path', 8)).toBe('0 2 3'));
  it('top-advantage: the trajectory with the largest |advantage|', () => expect(kept('top-advantage', 5)).toBe('0 1'));
  it('pods: the highest reward, then the lowest', () => {
    expect(kept('pods', 5)).toBe('0 1');
    expect(kept('pods', 12)).toBe('0 1 2 3');
  });
  it('random: the same for a seed, another for another', () => {
    const wide = [{ parent: NONE }, ...Array.from({ length: 30 }, () => ({ parent: 0 }))];
    const ranks = (seed: number): string => planOrder(problemOf(wide, { ...BARE, strategy: 'random', seed })).rank.join(' ');
    expect(ranks(1)).toBe(ranks(1));
    expect(ranks(1)).not.toBe(ranks(2));
  });
  it('equals are spread over branches, then taken by their keys: the first branch has the root already', () => {
    const equal = [
      { parent: NONE, signal: 1 },
      { parent: 0, signal: 1 },
      { parent: 0, signal: 1 },
      { parent: 0, signal: 1 },
    ];
    for (const strategy of ['density', 'best-first', 'reach', 'breadth-first'] as const) {
      expect([...planOrder(problemOf(equal, { ...BARE, strategy })).rank]).toEqual([0, 3, 1, 2]);
    }
  });
});

it('gives each task its own share when the scope is the task', () => {
  const problem = problemOf(
    [
      { parent: NONE, tokens: 2 },
      { parent: 0, tokens: 2 },
      { parent: NONE, tokens: 3, signal: 9 },
      { parent: 2, tokens: 3, signal: 9 },
    ],
    { ...BARE, scope: 'task' },
  );
  expect(keptAt(problem, 5)).toBe('0 2');
  expect(keptAt({ ...problem, rule: { ...problem.rule, scope: 'global' } }, 6)).toBe('2 3');
});

it('refuses columns that do not fit and signals that are no numbers', () => {
  const problem = problemOf([{ parent: NONE, signal: 1 }]);
  expect(() => planOrder({ ...problem, signal: Float64Array.of(Number.NaN) })).toThrow('signal of node 0');
  expect(() => planOrder({ ...problem, importance: new Float64Array(2) })).toThrow('importance: expected 1 entries, found 2');
  expect(() => cutAt(planOrder(problem), 1.5)).toThrow('from 0 to 1');
});

it('prunes an empty forest to nothing', () => {
  const order = planOrder(problemOf([]));
  expect(cutAt(order, 0.5)).toMatchObject({ cost: 0, signal: 0, floorUnmet: 0 });
  expect(boundAt(order.bound, 1)).toBe(0);
});
