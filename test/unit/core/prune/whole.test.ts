/** Strategies that take whole rollouts or branches, each against the obvious way to do what it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import type { Strategy } from '../../../../src/core/model/rule.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { extremesOrder } from '../../../../src/core/prune/reward-variance.ts';
import { listRollouts } from '../../../../src/core/prune/rollouts.ts';
import { highEntropySums } from '../../../../src/core/prune/strategies/hes.ts';
import { BARE, nodesArbitrary, problemOf } from './forests.ts';

/** Two trajectories a rollout where they are neighbours of one task; rewards at random, some unknown. */
const problems = fc
  .tuple(nodesArbitrary({ size: 20, open: true }), fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 24, maxLength: 24 }))
  .map(([nodes, rewards]) => {
    const problem = problemOf(nodes, BARE);
    const { rollout, length } = problem.forest.trajectories;
    const { trajectoryStart } = problem.forest;
    for (let t = 0; t + 1 < trajectoryStart.length; t++)
      for (let i = trajectoryStart[t] + 1; i < trajectoryStart[t + 1]; i += 2) rollout[i] = rollout[i - 1];
    const trajectoryReward = Float64Array.from({ length }, (_, t) => rewards[rollout[t] % 24] ?? Number.NaN);
    return { ...problem, trajectoryReward };
  });

const orderOf = (problem: PruneProblem, strategy: Strategy, seed = 0) =>
  planOrder({ ...problem, rule: { ...problem.rule, strategy, seed } });

/** Kept node sets at all budgets, the smallest first. */
function keepSets(problem: PruneProblem, strategy: Strategy, seed = 0): Uint8Array[] {
  const order = orderOf(problem, strategy, seed);
  return Array.from(order.cost, (cost) => keepMask(problem.forest, order, cutAt(order, Math.min(1, cost / order.totalCost))));
}

/** The nodes of the trajectory that ends at `leaf`. */
function pathOf({ forest }: PruneProblem, leaf: number): number[] {
  const path: number[] = [];
  for (let n = leaf; n !== NONE; n = forest.parent[n]) path.unshift(n);
  return path;
}

it.each(['whole-rollouts', 'best-rollouts', 'pods', 'hes'] as const)('%s keeps nothing but whole rollouts, at any budget', (strategy) => {
  fc.assert(
    fc.property(problems, fc.nat(9), (problem, seed) => {
      const { leaf, rollout } = problem.forest.trajectories;
      for (const kept of keepSets(problem, strategy, seed)) {
        const whole = [...leaf.keys()].filter((t) => leaf.every((end, other) => rollout[other] !== rollout[t] || kept[end] === 1));
        const expected = new Uint8Array(problem.forest.length);
        for (const t of whole) for (const n of pathOf(problem, leaf[t])) expected[n] = 1;
        expect([...kept]).toEqual([...expected]);
      }
    }),
  );
});

it('whole-rollouts takes each rollout first about equally often', () => {
  const star = problemOf([{ parent: NONE }, ...Array.from({ length: 5 }, () => ({ parent: 0 }))], BARE);
  const first = new Int32Array(6);
  for (let seed = 0; seed < 1000; seed++) {
    const { rank } = orderOf(star, 'whole-rollouts', seed);
    first[rank.findIndex((at, n) => n > 0 && at === 0)]++;
  }
  for (const count of first.subarray(1)) expect(Math.abs(count - 200)).toBeLessThan(60);
});

/** Rollouts in the order in which they are whole; those of one budget together. */
function rolloutSteps(problem: PruneProblem, strategy: Strategy): number[][] {
  const { leaf, rollout } = problem.forest.trajectories;
  const seen = new Set<number>();
  return keepSets(problem, strategy).map((kept) => {
    const fresh = [...new Set(rollout)].filter((r) => !seen.has(r) && leaf.every((end, t) => rollout[t] !== r || kept[end] === 1));
    for (const r of fresh) seen.add(r);
    return fresh;
  });
}

/** Stars: each task's rollouts share a prompt and nothing else, so that none is kept because of another. */
const stars = fc
  .array(fc.array(fc.option(fc.constantFrom(0, 1, 2, 3, 4)), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((tasks) => {
    const nodes = tasks.flatMap((rewards, task) => {
      const root = tasks.slice(0, task).reduce((sum, before) => sum + before.length + 1, 0);
      return [{ parent: NONE }, ...rewards.map(() => ({ parent: root }))];
    });
    return problemOf(nodes, BARE, { trajectoryReward: Float64Array.from(tasks.flat(), (reward) => reward ?? Number.NaN) });
  });

/** task -> what was taken of it, in order */
function takenByTask(problem: PruneProblem, steps: readonly number[][]): { all: number[]; tasks: number[][] } {
  const all = steps.flat();
  const taskOf = (r: number): number => problem.forest.trajectoryStart.findLastIndex((start) => start <= r);
  const tasks: number[][] = Array.from({ length: problem.forest.treeStart.length - 1 }, () => []);
  for (const r of all) tasks[taskOf(r)].push(r);
  return { all, tasks };
}

it('best-rollouts takes the best of each task in turns, failures after successes, unknown rewards last', () => {
  fc.assert(
    fc.property(stars, (problem) => {
      const reward = problem.trajectoryReward;
      const isBinary = reward.every((value) => Number.isNaN(value) || value <= 1);
      const { all, tasks } = takenByTask(problem, rolloutSteps(problem, 'best-rollouts'));
      expect(all.length).toBe(reward.length);
      const tier = (r: number): number => (Number.isNaN(reward[r]) ? 2 : isBinary && reward[r] === 0 ? 1 : 0);
      for (const own of tasks) {
        const values = own.map((r) => (Number.isNaN(reward[r]) ? -1 : reward[r]));
        expect(values).toEqual(values.toSorted((a, b) => b - a));
      }
      const turn = (r: number): number =>
        tasks
          .find((own) => own.includes(r))!
          .filter((s) => tier(s) === tier(r))
          .indexOf(r);
      const order = all.map((r) => tier(r) * 100 + turn(r));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

describe('pods', () => {
  const variance = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  };
  const all = (values: readonly number[], size: number): number[][] =>
    size === 0 ? [[]] : values.flatMap((value, i) => all(values.slice(i + 1), size - 1).map((rest) => [value, ...rest]));
  const sumOf = (values: readonly number[], order: readonly number[]): number =>
    order.reduce((sum, _, m) => sum + variance(order.slice(0, m + 1).map((i) => values[i])), 0);

  it('has the largest variance at every size where rewards have two values', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0.25, 1), { maxLength: 8 }), (rewards) => {
        const order = extremesOrder(rewards);
        for (let m = 1; m <= rewards.length; m++) {
          const best = Math.max(...all(rewards, m).map(variance));
          expect(variance(order.slice(0, m).map((i) => rewards[i]))).toBeCloseTo(best, 9);
        }
      }),
    );
  });

  it('has the largest sum of variances of all nested orders', () => {
    const permutations = (values: readonly number[]): number[][] =>
      values.length === 0 ? [[]] : values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }), (rewards) => {
        const order = extremesOrder(rewards);
        expect(order.toSorted((a, b) => a - b)).toEqual([...rewards.keys()]);
        const best = Math.max(...permutations([...rewards.keys()]).map((other) => sumOf(rewards, other)));
        expect(sumOf(rewards, order)).toBeCloseTo(best, 9);
      }),
    );
  });

  it('takes many rewards step by step', () => {
    const order = extremesOrder(Array.from({ length: 3000 }, (_, i) => i));
    expect(order.slice(0, 4)).toEqual([2999, 0, 2998, 1]);
  });

  it('takes tasks of equal rewards after those that vary, and unknown rewards last', () => {
    fc.assert(
      fc.property(stars, (problem) => {
        const reward = problem.trajectoryReward;
        const { all: taken, tasks } = takenByTask(problem, rolloutSteps(problem, 'pods'));
        const tier = (r: number): number => {
          const known = tasks.find((own) => own.includes(r))!.filter((s) => !Number.isNaN(reward[s]));
          return Number.isNaN(reward[r]) ? 2 : known.every((s) => reward[s] === reward[known[0]]) ? 1 : 0;
        };
        const tiers = taken.map(tier);
        expect(tiers).toEqual(tiers.toSorted((a, b) => a - b));
      }),
    );
  });
});

it('whole-branches always takes the branch that adds the most signal per cost', () => {
  fc.assert(
    fc.property(nodesArbitrary({ size: 20, open: true }), (nodes) => {
      const problem = problemOf(nodes, BARE);
      const { forest, signal } = problem;
      const tokens = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
      const sets = keepSets(problem, 'whole-branches');
      const leaves = [...new Set(forest.trajectories.leaf)].filter((n) => forest.subtreeEnd[n] === n + 1);
      for (const [i, kept] of sets.entries()) {
        if (i === 0) continue;
        const before = sets[i - 1];
        const adds = (leaf: number) => {
          const fresh = pathOf(problem, leaf).filter((n) => before[n] === 0);
          return fresh.reduce((sum, n) => sum + signal[n], 0) / fresh.reduce((sum, n) => sum + tokens(n), 0);
        };
        const open = leaves.filter((leaf) => before[leaf] === 0);
        const taken = open.filter((leaf) => kept[leaf] === 1);
        expect(taken.length).toBe(1);
        expect(adds(taken[0])).toBeCloseTo(Math.max(...open.map(adds)), 9);
        const path = pathOf(problem, taken[0]);
        expect([...kept.keys()].filter((n) => kept[n] === 1 && before[n] === 0)).toEqual(path.filter((n) => before[n] === 0));
      }
    }),
  );
});

it('hes sums the entropy of the largest 0.5 % of the sampled tokens of a rollout', () => {
  const problem = problemOf(
    [
      { parent: NONE, tokens: 500, flags: 0 },
      { parent: 0, tokens: 400 },
      { parent: 0, tokens: 100, flags: FLAG.sampled },
      { parent: 0, tokens: 3, flags: 0 },
    ],
    BARE,
  );
  const entropy = (at: number): number => (at % 7 === 0 ? Number.NaN : (at * 37) % 101);
  const one = () => 1;
  const tokens = { value: one, amplitude: one, entropy, weight: new Float64Array(4) };
  const rollouts = listRollouts(problem);
  const sums = highEntropySums({ ...problem, tokens }, rollouts);
  const expected = [
    [500, 900],
    [900, 1000],
    [1000, 1000],
  ].map(([from, to]) => {
    const values = Array.from({ length: to - from }, (_, i) => entropy(from + i)).filter((value) => !Number.isNaN(value));
    values.sort((a, b) => b - a);
    return values.length === 0 ? -1 : values.slice(0, Math.ceil(values.length * 0.005)).reduce((sum, value) => sum + value, 0);
  });
  for (let r = 0; r < rollouts.length; r++) expect(sums[r]).toBe(expected[rollouts.members[r][0]]);
  expect(highEntropySums(problem, rollouts)).toEqual(Float64Array.of(-1, -1, -1));
});
