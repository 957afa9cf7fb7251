/** The score of a fork against its definition spelled out over the single rewards, and what must hold of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../../src/core/decisions/mean-interval.ts';
import { splitOf } from '../../../../src/core/decisions/split.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const squares = (values: readonly number[]): number => {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2));
};

/** As ARCHITECTURE.md says it, over all rewards. */
function slowly(ways: readonly (readonly number[])[], task: readonly number[]): number | null {
  const large = ways.filter((way) => way.length >= 2);
  const small = ways.filter((way) => way.length === 1).flat();
  const groups = small.length >= 2 ? [...large, small] : large;
  if (large.length === 0 || groups.length < 2) return null;
  const all = groups.flat();
  const mean = sum(all) / all.length;
  const between = sum(groups.map((group) => group.length * (sum(group) / group.length - mean) ** 2));
  const prior = squares(task) / (task.length - 1);
  const noise = (sum(groups.map(squares)) + 2 * prior) / (all.length - groups.length + 2);
  return Math.max(0, between - (groups.length - 1) * noise);
}

const fast = (ways: readonly (readonly number[])[], others: readonly number[] = []) =>
  splitOf(ways.map(momentsOf), momentsOf([...ways.flat(), ...others]));

const reward = fc.oneof(
  fc.constantFrom(0, 1),
  fc.integer({ min: -300, max: 300 }).map((hundredths) => hundredths / 100),
);
const waysOfRewards = fc.array(fc.array(reward, { maxLength: 6 }), { minLength: 1, maxLength: 8 });

describe('the split of a fork', () => {
  it('is what its definition says', () => {
    fc.assert(
      fc.property(waysOfRewards, fc.array(reward, { maxLength: 6 }), (ways, others) => {
        const split = fast(ways, others);
        const slow = slowly(ways, [...ways.flat(), ...others]);
        if (slow === null) expect(split).toBeNull();
        else expect(split?.explained).toBeCloseTo(slow, 8);
      }),
      { numRuns: 500 },
    );
  });
  it('is a share of the task, and the same for rewards on another scale and ways in another order', () => {
    fc.assert(
      fc.property(waysOfRewards, (ways) => {
        const share = fast(ways)?.share ?? 0;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(fast(ways.toReversed())?.share ?? 0).toBeCloseTo(share, 6);
        expect(fast(ways.map((way) => way.map((value) => 10 * value - 4)))?.share ?? 0).toBeCloseTo(share, 5);
      }),
    );
  });
  it('is not fooled by ways of one rollout', () => {
    // One fails alone, fifteen succeed: there is nothing to compare with.
    expect(fast([[0], Array<number>(15).fill(1)])).toBeNull();
    expect(fast([[0], [1], [0], [1]])).toBeNull();
    // Many single ways are one way, and its best and worst are none of them.
    const split = fast([[0], [1], [0], [1, 1, 1], [0, 0, 0]]);
    expect(split).toMatchObject({ best: 3, worst: 4, pooled: 3 });
  });
  it('orders by how sure a difference is', () => {
    const sure = fast([Array<number>(8).fill(1), Array<number>(8).fill(0)])!.share;
    const two = fast([Array<number>(2).fill(1), Array<number>(2).fill(0)])!.share;
    const mixed = fast([
      [1, 1, 1, 0],
      [0, 0, 1, 0],
    ])!.share;
    expect([sure, two, mixed].map((share) => share.toFixed(3))).toEqual(['0.992', '0.833', '0.121']);
  });
});
