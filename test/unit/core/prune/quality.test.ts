/** How near the orders come to the exact optimum on trees shaped like rollouts, and that size does not break them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import { boundAt } from '../../../../src/core/prune/bound.ts';
import { cutAt } from '../../../../src/core/prune/cut.ts';
import { evaluateInSteps, retainedArea } from '../../../../src/core/prune/evaluate.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';
import { allSteps } from '../../../helpers/allSteps.ts';
import { densityOrder } from '../../../../src/core/prune/density.ts';
import { releasePositions } from '../../../../src/core/prune/release.ts';
import { planUnits } from '../../../../src/core/prune/units.ts';
import { BARE, nodesArbitrary, problemOf } from './forests.ts';
import type { NodeSpec } from './forests.ts';
import { bestOfAllSubsets, knapsackCurve } from './oracle.ts';

/**
 * Rollouts that fork from one another: a prompt, then assistant and result in turn. Assistant nodes carry skewed signal
 * that reach multiplies; results carry none and are longer. With `open`, no path may end at an assistant node.
 */
function rolloutLike(rollouts: number, seed: number, open: boolean, turnsFrom = 4, turnsMore = 10): NodeSpec[] {
  const random = makeRandom(seed);
  interface Draft {
    parent: number;
    tokens: number;
    assistant: boolean;
    children: Draft[];
    entropy: number;
    reach: number;
  }
  const draft = (assistant: boolean): Draft => ({
    parent: NONE,
    assistant,
    children: [],
    reach: 0,
    tokens: 1 + Math.floor(random() * (assistant ? 6 : 20)),
    entropy: assistant ? -Math.log(1 - random()) * (random() < 0.2 ? 8 : 1) : 0,
  });
  const root = draft(false);
  const paths: Draft[][] = [];
  for (let r = 0; r < rollouts; r++) {
    const turns = turnsFrom + Math.floor(random() * turnsMore);
    const from = r === 0 ? null : paths[Math.floor(random() * paths.length)];
    const path = from === null ? [root] : from.slice(0, 1 + Math.floor(random() * from.length));
    while (path.length < 2 * turns) {
      const child = draft(path.length % 2 === 1);
      path[path.length - 1].children.push(child);
      path.push(child);
    }
    for (const node of path) node.reach++;
    paths.push(path);
  }
  const nodes: NodeSpec[] = [];
  const stack: { node: Draft; parent: number }[] = [{ node: root, parent: NONE }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, parent } = top;
    const n = nodes.length;
    nodes.push({
      parent,
      tokens: node.tokens,
      kind: node.assistant ? 'call' : 'result',
      flags: node.assistant ? FLAG.sampled | (open ? FLAG.open : 0) : 0,
      signal: (node.entropy * node.reach) / rollouts,
    });
    for (const child of node.children) stack.push({ node: child, parent: n });
  }
  return nodes;
}

const SHARES = [0.1, 0.2, 0.3, 0.5];

it('density retains at least 95 % of the exact optimum on rollout-like trees, far more than best-first', () => {
  const ratios = { density: [0, 0, 0, 0], 'best-first': [0, 0, 0, 0] };
  const trees = 6;
  for (let seed = 0; seed < trees; seed++) {
    const problem = problemOf(rolloutLike(32, seed, false));
    for (const strategy of ['density', 'best-first'] as const) {
      const order = planOrder({ ...problem, rule: { ...problem.rule, strategy } });
      const best = knapsackCurve(problem.forest, order.plan.cost, problem.signal, Math.floor(order.totalCost / 2));
      for (const [i, share] of SHARES.entries()) {
        const optimum = best[Math.floor(share * order.totalCost)];
        expect(boundAt(order.bound, share)).toBeGreaterThanOrEqual(optimum - 1e-9);
        ratios[strategy][i] += cutAt(order, share).signal / optimum / trees;
      }
    }
  }
  for (const [i, ratio] of ratios.density.entries()) {
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeGreaterThan(ratios['best-first'][i]);
  }
});

it('density with pairs stays near the best of all keep sets that split none', () => {
  let ratio = 0;
  let cases = 0;
  for (let seed = 0; seed < 60; seed++) {
    const nodes = rolloutLike(5, seed, true, 2, 2);
    if (nodes.length > 14) continue;
    const problem = problemOf(nodes);
    const order = planOrder(problem);
    const optimum = bestOfAllSubsets(problem.forest, order.plan.cost, problem.signal, 0.6 * order.totalCost);
    if (optimum === 0) continue;
    ratio += cutAt(order, 0.6).signal / optimum;
    cases++;
  }
  expect(cases).toBeGreaterThan(20);
  expect(ratio / cases).toBeGreaterThan(0.85);
});

it('evaluates all strategies under one bound, the random band in order, the density curve on top', () => {
  const problem = problemOf(rolloutLike(32, 7, true), { ...BARE, context: 0 });
  const shares = [0, 0.1, 0.3, 0.5, 0.9, 1];
  const panel = allSteps(evaluateInSteps(problem, shares));
  for (const { retained } of [...panel.curves, { retained: panel.random.max }]) {
    for (const [i, value] of retained.entries()) expect(value).toBeLessThanOrEqual(panel.bound[i] + 1e-9);
    expect(retained[0]).toBe(0);
    expect(retained[shares.length - 1]).toBe(1);
  }
  const { min, mean, max } = panel.random;
  for (let i = 0; i < shares.length; i++) {
    expect(min[i]).toBeLessThanOrEqual(mean[i] + 1e-9);
    expect(mean[i]).toBeLessThanOrEqual(max[i] + 1e-9);
  }
  const density = panel.curves.find(({ strategy }) => strategy === 'density');
  for (const { area } of panel.curves) expect(area).toBeLessThanOrEqual((density?.area ?? 0) + 1e-9);
  expect(panel.curves.map(({ strategy }) => strategy)).not.toContain('whole-rollouts');
});

it('measures the area under a staircase', () => {
  const order = planOrder(
    problemOf([
      { parent: NONE, tokens: 1, signal: 3 },
      { parent: 0, tokens: 3, signal: 1 },
    ]),
  );
  expect(retainedArea(order)).toBeCloseTo(0.75 * 0.75, 12);
});

it('orders a path of a million nodes and 200,000 siblings without running out of stack', () => {
  for (const [deep, length] of [
    [true, 1_000_000],
    [false, 200_000],
  ] as const) {
    const random = makeRandom(deep ? 1 : 2);
    const small = problemOf([{ parent: NONE }]);
    const parent = new Int32Array(length);
    const subtreeEnd = new Int32Array(length).fill(length);
    const edgeStart = new Int32Array(length + 1);
    const signal = new Float64Array(length);
    for (let n = 0; n < length; n++) {
      if (n === 0) parent[n] = NONE;
      else if (deep) parent[n] = n - 1;
      else subtreeEnd[n] = n + 1;
      edgeStart[n + 1] = n + 1;
      signal[n] = random();
    }
    const ones = new Int32Array(length).fill(1);
    const forest = {
      ...small.forest,
      length,
      parent,
      subtreeEnd,
      edgeStart,
      depth: parent,
      reachCount: ones,
      reachStart: ones,
      sampledCount: ones,
      kind: new Uint8Array(length),
      kinds: new Uint16Array(length),
      flags: new Uint8Array(length),
      tool: parent,
      treeStart: Int32Array.of(0, length),
    };
    for (const strategy of ['density', 'best-first'] as const) {
      const order = planOrder({ ...small, forest, signal, importance: signal, rule: { ...small.rule, strategy } });
      const cut = cutAt(order, 0.3);
      expect(cut.cost).toBe(0.3 * length);
      expect(cut.signal).toBeLessThanOrEqual(boundAt(order.bound, 0.3) + 1e-3);
    }
  }
}, 30_000);

it('density where turns fork retains over all budgets at least as much as either way to close open units alone', () => {
  fc.assert(
    fc.property(nodesArbitrary({ size: 24, open: true }), (nodes) => {
      const problem = problemOf(nodes);
      const { units } = planUnits(problem);
      const areas = (['densest', 'together'] as const).map((closing) => {
        const { order } = densityOrder({ ...units, closing });
        const release = releasePositions(units, order, new Uint8Array(units.length));
        let area = 0;
        let kept = 0;
        for (let at = 0; at < order.length; at++) {
          const group = [...units.top.keys()].filter((u) => release[u] === at);
          area += kept * group.reduce((sum, u) => sum + units.cost[u], 0);
          kept += group.reduce((sum, u) => sum + units.signal[u], 0);
        }
        return area;
      });
      const order = planOrder(problem);
      const scale = order.totalCost * order.totalSignal;
      if (scale > 0) expect(retainedArea(order)).toBeGreaterThanOrEqual(Math.max(...areas) / scale - 1e-9);
    }),
    { numRuns: 300 },
  );
});
