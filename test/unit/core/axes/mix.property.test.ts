/** The mix of tags: shares within one task of what is asked, as many as can be, against a search through all sizes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixFactors, sampleSizes, type MixPool } from '../../../../src/core/axes/mix.ts';
import { MIX_BY, MIX_WAYS, poolOf, readMix } from '../../../../src/core/axes/mix-text.ts';

const pools = fc
  .array(fc.record({ share: fc.integer({ min: 0, max: 9 }), tasks: fc.integer({ min: 0, max: 12 }) }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((pool, at): MixPool => ({ name: `p${at}`, ...pool })));

/** Whether some sizes add up to `total`, each within one task of its share and none above what there is: all are tried. */
function canReach(asked: readonly MixPool[], total: number): boolean {
  const sum = asked.reduce((all, { share }) => all + share, 0);
  const tried = (at: number, left: number): boolean => {
    const pool = asked[at];
    if (pool === undefined) return left === 0;
    for (let size = 0; size <= Math.min(pool.tasks, left); size++)
      // |size − share · total ÷ sum| < 1, in whole numbers.
      if (Math.abs(size * sum - pool.share * total) < sum && tried(at + 1, left - size)) return true;
    return false;
  };
  return tried(0, total);
}

describe('sampleSizes', () => {
  it('reaches each share within one task, with as many tasks as any choice that does', () => {
    fc.assert(
      fc.property(pools, (all) => {
        const sizes = sampleSizes(all);
        const asked = all.filter(({ share, tasks }) => share > 0 && tasks > 0);
        const sum = asked.reduce((total, { share }) => total + share, 0);
        const total = sizes.reduce((taken, size) => taken + size, 0);
        for (const [at, { share, tasks }] of all.entries()) {
          expect(sizes[at]).toBeLessThanOrEqual(tasks);
          if (share === 0 || tasks === 0) expect(sizes[at]).toBe(0);
          else expect(Math.abs(sizes[at]! * sum - share * total)).toBeLessThan(sum);
        }
        const most = asked.reduce((there, { tasks }) => there + tasks, 0);
        let best = 0;
        for (let wanted = 1; wanted <= most; wanted++) if (canReach(asked, wanted)) best = wanted;
        expect(total).toBe(best);
      }),
    );
  });

  it('counts shares as whole numbers, so that thirds are thirds', () => {
    const thirds = sampleSizes(['a', 'b', 'c'].map((name) => ({ name, share: 333_333, tasks: 100_000 })));
    expect(thirds).toEqual([100_000, 100_000, 100_000]);
  });
});

describe('mixFactors', () => {
  it('gives each pool its share of all weight, and leaves the sum as it was', () => {
    const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, (all) => {
        const shares = all.map(([share]) => share);
        const mass = all.map(([, weight]) => (weight < 1e-6 ? 0 : weight));
        const factors = mixFactors(shares, mass);
        const isAsked = all.map((_, at) => shares[at]! > 0 && mass[at]! > 0);
        const shareSum = shares.reduce((sum, share, at) => sum + (isAsked[at] ? share : 0), 0);
        const before = mass.reduce((sum, weight, at) => sum + (isAsked[at] ? weight : 0), 0);
        const after = mass.reduce((sum, weight, at) => sum + weight * factors[at]!, 0);
        expect(after).toBeCloseTo(before, 3);
        for (const at of all.keys()) {
          if (!isAsked[at]) expect(factors[at]).toBe(0);
          else expect((mass[at]! * factors[at]!) / before).toBeCloseTo(shares[at]! / shareSum, 9);
        }
      }),
    );
  });
});

describe('readMix', () => {
  it('takes tags, rest and each, and puts each cell into one pool', () => {
    const read = readMix('python=50, rust=0.125,rest=25', 'language', 'sample');
    if (!read.ok) throw new Error(read.expected);
    expect(poolOf(read.target, 'python')).toEqual({ pool: 'python', asked: 50_000 });
    expect(poolOf(read.target, 'rust')).toEqual({ pool: 'rust', asked: 125 });
    expect(poolOf(read.target, 'unknown')).toEqual({ pool: 'rest', asked: 25_000 });
    const each = readMix('go=3,each=2', 'language', 'cap');
    if (!each.ok) throw new Error(each.expected);
    expect(poolOf(each.target, 'go')).toEqual({ pool: 'go', asked: 3000 });
    expect(poolOf(each.target, 'ruby')).toEqual({ pool: 'ruby', asked: 2000 });
    const pairs = readMix('bug-fixing/unknown=1', 'tasktype/scenario', 'weight');
    if (!pairs.ok) throw new Error(pairs.expected);
    expect(poolOf(pairs.target, 'bug-fixing/other')).toBeNull();
  });

  it.each([
    ['', 'language', 'sample', 'TAG=NUMBER'],
    ['klingon=1', 'language', 'sample', 'a tag of language'],
    ['python=1,python=2', 'language', 'sample', 'each tag once'],
    ['python=-1', 'language', 'sample', 'numbers from 0'],
    ['python=0.0001', 'language', 'sample', 'three decimals'],
    ['python=1.5', 'language', 'cap', 'whole numbers'],
    ['python=0', 'language', 'weight', 'a share above 0'],
    ['rest=1,each=1', 'language', 'sample', 'not both'],
    ['bug-fixing=1', 'tasktype/scenario', 'sample', 'TASKTYPE/SCENARIO'],
    ['__proto__=1', 'language', 'sample', 'a tag of language'],
  ] as const)('refuses %j by %s, %s', (text, by, way, expected) => {
    const read = readMix(text, by, way);
    expect(read.ok ? 'read' : read.expected).toContain(expected);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.constantFrom(...MIX_BY), fc.constantFrom(...MIX_WAYS), (text, by, way) => {
        if (by !== 'off') expect(typeof readMix(text, by, way).ok).toBe('boolean');
      }),
    );
  });
});
