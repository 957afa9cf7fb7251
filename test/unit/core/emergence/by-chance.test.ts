/** Selections by chance: closed under parents, within their cost, and of both kinds what they say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareProblem, CHANCES, chanceOrder, chosenByChance, costsOf } from '../../../../src/core/emergence/by-chance.ts';
import { amongChances } from '../../../../src/core/emergence/chances.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { tokenCounts } from '../../../../src/core/prune/problem.ts';
import { BARE, nodesArbitrary, problemOf } from '../prune/forests.ts';

const shares = fc.integer({ min: 0, max: 20 }).map((number) => number / 20);

it('keeps no more than the cost, closed under parents, and trains no more than its share', () => {
  fc.assert(
    fc.property(nodesArbitrary({ size: 20, open: true }), shares, shares, fc.nat({ max: 9 }), (nodes, cut, train, seed) => {
      const problem = problemOf(nodes, { ...BARE, protect: { tool: { level: 'pin' } } });
      const { forest } = problem;
      const tokens = tokenCounts(forest);
      const learns = new Uint8Array(forest.trajectories.length).fill(1);
      const bare = bareProblem(problem, learns);
      for (const by of CHANCES) {
        const total = tokens.reduce((sum, count) => sum + count, 0);
        const budget = { costs: Float64Array.of(cut * total), train };
        const { kept, loss, cost: told } = chosenByChance(bare, chanceOrder(bare, by, seed), by, budget, seed);
        const cost = tokens.reduce((sum, count, n) => sum + (kept[n] === 1 ? count : 0), 0);
        expect(cost).toBeLessThanOrEqual(cut * total + 1e-9);
        expect(told).toBe(cost);
        if (cut === 1) expect(cost).toBe(total);
        for (const [n, above] of forest.parent.entries()) if (kept[n] === 1 && above !== NONE) expect(kept[above]).toBe(1);
        const sampled = tokens.reduce((sum, count, n) => sum + (kept[n] === 1 && forest.sampledCount[n]! > 0 ? count : 0), 0);
        const trained = loss.reduce((sum, count) => sum + count, 0);
        expect(trained).toBeLessThanOrEqual(train * sampled + 1e-9);
        if (train === 1) expect(trained).toBe(sampled);
        for (const [n, own] of loss.entries()) if (own > 0) expect([kept[n], own]).toEqual([1, tokens[n]]);
      }
    }),
  );
});

it('is another selection for another seed, and the same for the same', () => {
  const nodes = [{ parent: NONE }, ...Array.from({ length: 12 }, () => ({ parent: 0, tokens: 2 }))];
  const bare = bareProblem(problemOf(nodes, BARE), new Uint8Array(12).fill(1));
  const keptOf = (seed: number): string => {
    const budget = { costs: Float64Array.of(12), train: 1 };
    return [...chosenByChance(bare, chanceOrder(bare, 'closed', seed), 'closed', budget, seed).kept].join('');
  };
  expect(keptOf(1)).toBe(keptOf(1));
  expect(new Set([1, 2, 3, 4].map(keptOf)).size).toBeGreaterThan(1);
});

describe('a value among draws', () => {
  it('is told where it lies outside of all of them', () => {
    expect(amongChances(0.5, [1, 2, 3])).toMatchObject({ told: 'less', least: 1, most: 3, mean: 2, effect: -1.5, draws: 3 });
    expect(amongChances(3.5, [1, 2, 3]).told).toBe('more');
    expect(amongChances(3, [1, 2, 3]).told).toBe('within');
  });

  it('is not told where most draws, or the value, have none', () => {
    expect(amongChances(0, [1, Number.NaN, Number.NaN, 2]).told).toBeNull();
    expect(amongChances(Number.NaN, [1, 2, 3]).told).toBeNull();
  });

  it('is within draws that differ from it by rounding alone', () => {
    const sum = 0.1 + 0.2;
    expect(amongChances(sum, [0.3, 0.3, 0.3])).toMatchObject({ told: 'within', effect: Number.NaN });
    expect(amongChances(0.3, [sum, 0.3, sum])).toMatchObject({ told: 'within', effect: Number.NaN });
  });

  it('has no effect where draws do not vary', () => {
    expect(amongChances(1, [1, 1, 1])).toMatchObject({ told: 'within', effect: Number.NaN });
  });
});

it('takes nothing that only rollouts without loss pass, and gives each task its own cost', () => {
  // Two tasks of a root and three ends; the first end of each may carry no loss.
  const nodes = [0, 1].flatMap((task) => [{ parent: NONE }, ...[0, 1, 2].map(() => ({ parent: task * 4, tokens: 2 }))]);
  const problem = problemOf(nodes, { ...BARE, scope: 'task' });
  const bare = bareProblem(problem, Uint8Array.of(0, 1, 1, 0, 1, 1));
  for (const by of CHANCES) {
    for (let seed = 0; seed < 5; seed++) {
      const order = chanceOrder(bare, by, seed);
      const { kept } = chosenByChance(bare, order, by, { costs: Float64Array.of(3, 7), train: 1 }, seed);
      expect([kept[1], kept[5]]).toEqual([0, 0]);
      expect([...kept.subarray(0, 4)].reduce((sum, is) => sum + is, 0)).toBe(2);
      expect([...kept.subarray(4)]).toEqual([1, 0, 1, 1]);
      expect([...costsOf(order, { limit: Int32Array.of(2, 0) })]).toEqual([by === 'closed' ? 3 : 5, 0]);
    }
  }
});
