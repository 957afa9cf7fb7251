import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, NONE } from '../../../../src/core/model/kinds.ts';
import { protectNodes } from '../../../../src/core/prune/protection.ts';
import { TRAIN_METHODS } from '../../../../src/core/prune/train-methods.ts';
import { tokenFactors, trainedTokens } from '../../../../src/core/prune/train-plan.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { problemOf } from './forests.ts';
import { chosenAt, tokenProblem, type SeenToken } from './token-problem.ts';

const LONG = 97;
const methods = fc.constantFrom(...TRAIN_METHODS.map(({ id }) => id));
const anyMethod = tokenProblem(methods);
/** One budget over all tasks. */
const global = (problem: PruneProblem): PruneProblem => ({ ...problem, rule: { ...problem.rule, scope: 'global' } });
const exact = fc.constantFrom('top', 'forking', 'random');
const drawn = fc.constant('unbiased');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyShare = fc.oneof(share, fc.constantFrom(0, 1));

/** What a method that takes the largest goes by. */
function worthOf({ rule, forest, tokens }: PruneProblem, { node, at }: SeenToken): number {
  if (tokens === undefined || rule.train === 'random') return 0;
  const { factor } = protectNodes(forest, rule.trainProtect, rule.hand);
  const worth = rule.train === 'top' ? tokens.value(at, node) * tokens.weight[node] * factor[node] : tokens.entropy(at, node);
  return Number.isNaN(worth) ? -Infinity : Math.fround(worth);
}

describe('every train method', () => {
  it('chooses sampled tokens of the cut, and counts them alike in every way', () => {
    fc.assert(
      fc.property(anyMethod, anyShare, anyShare, (problem, cutShare, trainShare) => {
        const { forest } = problem;
        const { set, kept, tokens, sampled } = chosenAt(problem, cutShare, trainShare);
        expect(set.tokens).toBe(tokens.filter(({ factor }) => factor > 0).length);
        const byNode = trainedTokens(forest, set);
        expect(byNode.reduce((sum, count) => sum + count, 0)).toBe(set.tokens);
        expect(byNode.every((count, n) => count === 0 || (kept[n] === 1 && forest.sampledCount[n] > 0))).toBe(true);
        const factors = tokenFactors(forest, set);
        expect(factors === null).toBe(problem.rule.train === 'nodes');
        expect(factors?.reduce((sum, factor) => sum + (factor > 0 ? 1 : 0), 0) ?? set.tokens).toBe(set.tokens);
        expect(set.budget).toBeCloseTo(trainShare * sampled, 9);
      }),
      { numRuns: 300 },
    );
  });

  it('chooses everything at 100 %, each with its own coefficient, and nothing at 0 %', () => {
    fc.assert(
      fc.property(anyMethod, share, (problem, cutShare) => {
        const all = chosenAt(problem, cutShare, 1);
        expect(all.tokens.every(({ factor }) => factor === 1)).toBe(true);
        expect(all.set.expected).toBe(all.sampled);
        expect(all.set.pinsUnmet).toBeNull();
        const none = chosenAt(problem, cutShare, 0);
        expect(none.tokens.every(({ factor }) => factor === 0)).toBe(true);
        expect(none.set.expected).toBe(0);
      }),
    );
  });

  it('keeps what it chose as the train budget grows', () => {
    fc.assert(
      fc.property(anyMethod.map(global), share, fc.array(share, { minLength: 2, maxLength: 6 }), (problem, cutShare, shares) => {
        let before: readonly SeenToken[] = [];
        let wereMet = false;
        for (const trainShare of shares.toSorted((a, b) => a - b)) {
          const { tokens, set } = chosenAt(problem, cutShare, trainShare);
          const isMet = set.pinsUnmet === null;
          // From where pins fit on they take what others had before.
          if (problem.rule.train !== 'unbiased' || isMet === wereMet)
            expect(before.every(({ factor }, i) => factor === 0 || tokens[i].factor > 0)).toBe(true);
          before = tokens;
          wereMet = isMet;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says what pins demand, in the cut and where nothing is cut', () => {
    fc.assert(
      fc.property(anyMethod.map(global), share, share, (problem, cutShare, trainShare) => {
        const { set, tokens, pins } = chosenAt(problem, cutShare, trainShare);
        const demanded = tokens.filter(({ pinned }) => pinned).length;
        const isShared = problem.rule.train === 'unbiased' && demanded < tokens.length;
        const budget = isShared ? (1 - problem.rule.floor) * set.budget : set.budget;
        if (problem.rule.train !== 'nodes') expect(set.pinsUnmet).toEqual(demanded > budget ? { pinned: demanded, budget } : null);
        const all = chosenAt(problem, 1, 1);
        expect(pins).toEqual({ tokens: all.tokens.filter(({ pinned }) => pinned).length, of: all.sampled });
      }),
    );
  });
});

describe('the methods that take the largest', () => {
  const fillsTheBudget = (problem: PruneProblem, cutShare: number, trainShare: number): void => {
    const { set, tokens } = chosenAt(problem, cutShare, trainShare);
    expect(set.tokens).toBe(Math.floor(set.budget));
    const keyed = tokens.map((token) => ({ pinned: token.pinned, taken: token.factor > 0, worth: worthOf(problem, token) }));
    expect(keyed.filter(({ taken }) => taken).length).toBe(set.tokens);
    const worths = (isPinned: boolean, isTaken: boolean): number[] =>
      keyed.flatMap(({ pinned, taken, worth }) => (pinned === isPinned && taken === isTaken ? [worth] : []));
    const least = (list: readonly number[]): number => list.reduce((a, b) => Math.min(a, b), Infinity);
    const most = (list: readonly number[]): number => list.reduce((a, b) => Math.max(a, b), -Infinity);
    for (const isPinned of [true, false]) expect(most(worths(isPinned, false))).toBeLessThanOrEqual(least(worths(isPinned, true)));
    if (worths(true, false).length > 0) expect(worths(false, true)).toEqual([]);
    if (set.threshold === null) return;
    expect(set.threshold).toBe(least(worths(false, true).length > 0 ? worths(false, true) : worths(true, true)));
  };

  it('fill the budget to the token: pins first, then no token is left that is worth more than one taken', () => {
    fc.assert(fc.property(tokenProblem(exact).map(global), anyShare, anyShare, fillsTheBudget), { numRuns: 300 });
    fc.assert(fc.property(tokenProblem(exact, LONG).map(global), anyShare, anyShare, fillsTheBudget), { numRuns: 30 });
  });
});

describe('the unbiased draw', () => {
  const drawsWithThem = (problem: PruneProblem, cutShare: number, trainShare: number): void => {
    const { set, tokens } = chosenAt(problem, cutShare, trainShare);
    const probability = slowProbabilities(problem, tokens, set.budget);
    expect(tokens.every(({ factor }, i) => factor === 0 || Math.abs(factor * probability[i] - 1) < 1e-5)).toBe(true);
    expect(tokens.filter(({ factor }) => factor > 0).length).toBe(set.tokens);
    const sum = probability.reduce((all, p) => all + p, 0);
    expect(Math.abs(set.expected - sum)).toBeLessThan(1e-6 * (1 + sum));
  };

  it('draws with the probabilities that a slow search finds', () => {
    fc.assert(fc.property(tokenProblem(drawn).map(global), anyShare, anyShare, drawsWithThem), { numRuns: 300 });
    fc.assert(fc.property(tokenProblem(drawn, LONG).map(global), anyShare, anyShare, drawsWithThem), { numRuns: 30 });
  });
});

describe('where each task has its own budget', () => {
  it('chooses in each task what it chooses in that task alone', () => {
    fc.assert(
      fc.property(fc.oneof(anyMethod, tokenProblem(methods, LONG)), anyShare, anyShare, (given, cutShare, trainShare) => {
        const problem: PruneProblem = { ...given, rule: { ...given.rule, scope: 'task' } };
        const { treeStart } = problem.forest;
        const whole = chosenAt(problem, cutShare, trainShare);
        const alone = Array.from({ length: treeStart.length - 1 }, (_, task) => chosenAt(onlyTask(problem, task), cutShare, trainShare));
        expect(whole.tokens.map(({ factor }) => factor)).toEqual(alone.flatMap(({ tokens }) => tokens.map(({ factor }) => factor)));
        const sum = (of: (set: typeof whole.set) => number): number => alone.reduce((all, { set }) => all + of(set), 0);
        expect(whole.set.tokens).toBe(sum(({ tokens }) => tokens));
        expect(whole.set.budget).toBe(sum(({ budget }) => budget));
        expect(whole.set.pinsUnmet?.pinned ?? 0).toBe(sum(({ pinsUnmet }) => pinsUnmet?.pinned ?? 0));
        expect(whole.pins.tokens).toBe(alone.reduce((all, { pins }) => all + pins.tokens, 0));
      }),
      { numRuns: 200 },
    );
  });
});

/** The same problem without the other tasks, under one budget. */
function onlyTask(problem: PruneProblem, task: number): PruneProblem {
  const { forest, signal, tokens, rule } = problem;
  const first = forest.treeStart[task];
  const end = forest.treeStart[task + 1];
  const at = forest.edgeStart[first];
  const nodes = Array.from({ length: end - first }, (_, i) => ({
    parent: forest.parent[first + i] < 0 ? NONE : forest.parent[first + i] - first,
    tokens: forest.edgeStart[first + i + 1] - forest.edgeStart[first + i],
    kind: KINDS[forest.kind[first + i]],
    flags: forest.flags[first + i],
    tool: forest.tool[first + i],
    signal: signal[first + i],
  }));
  const own = problemOf(nodes, { ...rule, scope: 'global' });
  if (tokens === undefined) throw new Error('expected signals');
  return {
    ...own,
    // A node keeps its name.
    forest: { ...own.forest, keys: forest.keys.slice(2 * first, 2 * end) },
    tokens: {
      value: (token, node) => tokens.value(at + token, first + node),
      amplitude: (token, node) => tokens.amplitude(at + token, first + node),
      entropy: (token, node) => tokens.entropy(at + token, first + node),
      weight: tokens.weight.slice(first, end),
    },
  };
}

/** token of the cut -> π, by bisection. */
function slowProbabilities(problem: PruneProblem, tokens: readonly SeenToken[], budget: number): number[] {
  const { forest, rule, tokens: signals } = problem;
  const { factor } = protectNodes(forest, rule.trainProtect, rule.hand);
  if (signals === undefined) throw new Error('expected signals');
  const worth = (node: number, at: number): number => signals.amplitude(at, node) * signals.weight[node] * factor[node];
  let sum = 0;
  let count = 0;
  for (let n = 0; n < forest.length; n++) {
    for (let at = forest.edgeStart[n]; forest.sampledCount[n] > 0 && at < forest.edgeStart[n + 1]; at++, count++) sum += worth(n, at);
  }
  const score = ({ node, at }: SeenToken): number => (sum === 0 ? 1 : Math.max((worth(node, at) * count) / sum, rule.floor));
  const pinned = tokens.filter((token) => token.pinned).length;
  const isMet = pinned <= (pinned === tokens.length ? budget : (1 - rule.floor) * budget);
  const probability = (token: SeenToken, scale: number): number => Math.min(1, scale * score(token));
  const scaleOf = (own: readonly SeenToken[], wanted: number): number => {
    let low = 0;
    let high = 1e6;
    for (let i = 0; i < 200; i++) {
      const middle = (low + high) / 2;
      if (own.reduce((all, token) => all + probability(token, middle), 0) < wanted) low = middle;
      else high = middle;
    }
    return high;
  };
  const drawn = tokens.filter((token) => !token.pinned || !isMet);
  const scale = scaleOf(drawn, isMet ? budget - pinned : budget);
  return tokens.map((token) => (token.pinned && isMet ? (budget > 0 ? 1 : 0) : probability(token, scale)));
}
