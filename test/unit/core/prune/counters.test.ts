import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENDING, FLAG, KIND, NONE, type Kind } from '../../../../src/core/model/kinds.ts';
import { COUNTERS, countKept, summarize } from '../../../../src/core/prune/counters.ts';
import type { Counter } from '../../../../src/core/prune/counters.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { BARE, keyOfRow, nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

/** The same figures counted from scratch, for those that do not need to know where an event ends. */
function countSlowly(problem: PruneProblem, kept: Uint8Array): Partial<Record<Counter, number>> {
  const { forest } = problem;
  const all = [...kept.keys()];
  const nodes = all.filter((n) => kept[n] === 1);
  const children = (n: number): number[] => all.filter((c) => forest.parent[c] === n);
  const keptChildren = (n: number): number => children(n).filter((c) => kept[c] === 1).length;
  const tokens = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const sum = (value: (n: number) => number): number => nodes.reduce((s, n) => s + value(n), 0);
  const whole = [...forest.trajectories.leaf].map((leaf) => kept[leaf] === 1);
  const rollouts = [...new Set(forest.trajectories.rollout)];
  const tasksWith = (is: (n: number) => boolean): number =>
    new Set(nodes.filter(is).map((n) => forest.treeStart.findLastIndex((start) => start <= n))).size;
  return {
    nodes: nodes.length,
    distinct: sum(tokens),
    flat: sum((n) => tokens(n) * forest.reachCount[n]),
    sampled: sum((n) => (forest.sampledCount[n] > 0 ? tokens(n) : 0)),
    sampledFlat: sum((n) => tokens(n) * forest.sampledCount[n]),
    forks: nodes.filter((n) => keptChildren(n) >= 2).length,
    branches: nodes.filter((n) => keptChildren(n) === 0).length,
    leaves: nodes.filter((n) => children(n).length === 0).length,
    broken: brokenSlowly(problem, kept),
    tasks: tasksWith((n) => forest.sampledCount[n] > 0),
    endedTasks: tasksWith((n) => (forest.endings[n] & ENDING.final) !== 0),
    trajectories: whole.filter(Boolean).length,
    rollouts: rollouts.filter((r) => whole.every((w, t) => w || forest.trajectories.rollout[t] !== r)).length,
  };
}

/** Ends of kept branches: calls on them whose results come later in a trajectory, matched one by one. */
function brokenSlowly({ forest }: PruneProblem, kept: Uint8Array): number {
  const is = (n: number, ...kinds: Kind[]): boolean => kinds.some((kind) => ((forest.endings[n] >> KIND[kind]) & 1) === 1);
  const pathTo = (leaf: number): number[] => (leaf === NONE ? [] : [...pathTo(forest.parent[leaf]), leaf]);
  let broken = 0;
  for (let end = 0; end < forest.length; end++) {
    if (kept[end] === 0 || [...kept.keys()].some((c) => forest.parent[c] === end && kept[c] === 1)) continue;
    let most = 0;
    for (const leaf of forest.trajectories.leaf) {
      const path = pathTo(leaf);
      if (!path.includes(end)) continue;
      const waiting: number[] = [];
      const lost = new Set<number>();
      for (const n of path) {
        if (is(n, 'call', 'memory')) waiting.push(n);
        if (!is(n, 'result')) continue;
        const call = waiting.pop();
        if (call !== undefined && call <= end && n > end) lost.add(call);
      }
      most = Math.max(most, lost.size);
    }
    broken += most;
  }
  return broken;
}

const anyProblem = nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
  ruleArbitrary(nodes.length).map((rule) => {
    const problem = problemOf(nodes, rule);
    // Two trajectories a rollout, where they are neighbours of one task.
    const { rollout } = problem.forest.trajectories;
    for (let t = 0; t + 1 < problem.forest.trajectoryStart.length; t++) {
      for (let i = problem.forest.trajectoryStart[t] + 1; i < problem.forest.trajectoryStart[t + 1]; i += 2) rollout[i] = rollout[i - 1];
    }
    return problem;
  }),
);

it('counts at every cut what a count from scratch finds', () => {
  fc.assert(
    fc.property(anyProblem, fc.double({ min: 0, max: 1, noNaN: true }), (problem, share) => {
      const order = planOrder(problem);
      const cut = cutAt(order, share);
      const { counts, rolloutsTouched } = summarize(order, countKept(problem.forest, order), cut);
      const slow = countSlowly(problem, keepMask(problem.forest, order, cut));
      const all = countSlowly(problem, new Uint8Array(problem.forest.length).fill(1));
      for (const name of COUNTERS) {
        if (slow[name] === undefined) expect(counts[name].kept).toBeLessThanOrEqual(counts[name].total);
        else expect({ name, ...counts[name] }).toEqual({ name, kept: slow[name], total: all[name] });
      }
      expect(rolloutsTouched).toBe((all.rollouts ?? 0) - (slow.rollouts ?? 0));
    }),
    { numRuns: 300 },
  );
});

it('counts broken pairs as a walk along every trajectory finds them, also under ranks that break some', () => {
  const seeds = fc.array(fc.nat(1000), { minLength: 24, maxLength: 24 });
  fc.assert(
    fc.property(anyProblem, seeds, fc.double({ min: 0, max: 1, noNaN: true }), (problem, seed, share) => {
      const { forest } = problem;
      const order = planOrder(problem);
      const tasks = Int32Array.from(forest.parent, (_, n) => forest.treeStart.findLastIndex((start) => start <= n));
      const rank = new Int32Array(forest.length);
      for (let n = 0; n < forest.length; n++) {
        const scope = order.scope === 'global' ? 0 : tasks[n];
        const groups = order.start[scope + 1] - order.start[scope] - 1;
        rank[n] = Math.max(seed[n % 24] % groups, forest.parent[n] === NONE ? 0 : rank[forest.parent[n]]);
      }
      const careless = { ...order, rank };
      const cut = cutAt(order, share);
      expect(summarize(careless, countKept(forest, careless), cut).counts.broken.kept).toBe(
        brokenSlowly(problem, keepMask(forest, careless, cut)),
      );
    }),
    { numRuns: 300 },
  );
});

it('adds up to the flat token count of the trajectories', () => {
  fc.assert(
    fc.property(nodesArbitrary({ size: 24 }), (nodes) => {
      const problem = problemOf(nodes, { ...BARE, unit: 'flat' });
      const flat = problem.forest.trajectories.tokenCount.reduce((s, tokens) => s + tokens, 0);
      expect(planOrder(problem).totalCost).toBe(flat);
    }),
  );
});

it('counts an event once per complete segment, and a final turn at its last node', () => {
  const call = { kind: 'call' as const, tool: 0 };
  const problem = problemOf(
    [
      { parent: NONE, kind: 'user', flags: 0 },
      { parent: 0, ...call, flags: FLAG.sampled | FLAG.open }, // the call forks here
      { parent: 1, ...call, flags: FLAG.sampled | FLAG.open },
      { parent: 2, kind: 'result', flags: FLAG.error },
      { parent: 3, kind: 'thinking', flags: FLAG.sampled | FLAG.final | FLAG.open },
      { parent: 4, kind: 'text', flags: FLAG.sampled | FLAG.final },
      { parent: 1, ...call, flags: FLAG.sampled | FLAG.open },
      { parent: 6, kind: 'result', flags: 0 },
      { parent: 7, kind: 'memory', flags: FLAG.sampled | FLAG.open },
      { parent: 8, kind: 'result', flags: 0 },
    ],
    { ...BARE, protect: { memory: { level: 'pin' } }, hand: [{ key: keyOfRow(1), protection: { level: 'pin' } }] },
  );
  const order = planOrder(problem);
  const { counts } = summarize(order, countKept(problem.forest, order), cutAt(order, 1));
  const kept = ({ calls, pairs, results, memory, errors, pinned, finals }: typeof counts): number[] =>
    [calls, pairs, results, memory, errors, pinned, finals].map((count) => count.kept);
  expect(kept(counts)).toEqual([3, 3, 3, 1, 1, 2, 1]);
  const none = summarize(order, countKept(problem.forest, order), cutAt(order, 0));
  expect(kept(none.counts)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(none.certificate).toBe(1);
});
