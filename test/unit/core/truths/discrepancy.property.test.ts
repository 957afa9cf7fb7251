/** Costs of lists of calls against the oracle that tries everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { asTruth, CALL, NEVER, pairCost, type MadeCall, type TrueCall } from '../../../../src/core/truths/calls.ts';
import { alignCalls, listCosts } from '../../../../src/core/truths/discrepancy.ts';
import { fraction, isLess, naiveCost, naivePair, NOTHING, ONE, plus, type Fraction } from './naive.ts';

const args = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '"x"', 'null')), { selector: ([name]) => name });
const call: fc.Arbitrary<MadeCall> = fc.record({ tool: fc.constantFrom('get', 'put'), args });
const calls = fc.array(call, { maxLength: 5 });
const truths: fc.Arbitrary<TrueCall[]> = fc.array(
  fc.tuple(call, fc.option(fc.subarray(['a', 'b', 'c']), { nil: null })).map(([made, compares]) => ({ ...asTruth(made), compares })),
  { maxLength: 5 },
);
const inParts = ([over, under]: Fraction): number => (Number(over) * CALL) / Number(under);
const costs = (made: readonly MadeCall[], truth: readonly TrueCall[]) => (i: number, j: number) => pairCost(made[i]!, truth[j]!);

describe('costs of calls', () => {
  it('are those of the fractions, to the last part', () => {
    fc.assert(
      fc.property(call, truths, (made, others) => {
        for (const truth of others) {
          const pair = naivePair(made, truth);
          expect(pairCost(made, truth)).toBe(pair === null ? NEVER : inParts(pair));
        }
      }),
    );
  });

  it('of whole lists and of all beginnings are the least of all ways', () => {
    fc.assert(
      fc.property(calls, truths, (made, truth) => {
        const { whole, beginnings } = listCosts(made.length, truth.length, costs(made, truth));
        expect(whole).toBe(inParts(naiveCost(made, truth)));
        for (let i = 0; i < made.length; i++) {
          const ways = Array.from({ length: truth.length + 1 }, (_, j) => naiveCost(made.slice(0, i + 1), truth.slice(0, j)));
          expect(beginnings[i]).toBe(inParts(ways.reduce((least, way) => (isLess(way, least) ? way : least))));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never fall from one beginning to the next, and are 0 for a list beside itself and nowhere else', () => {
    fc.assert(
      fc.property(calls, calls, (made, other) => {
        const truth = other.map(asTruth);
        const { whole, beginnings } = listCosts(made.length, truth.length, costs(made, truth));
        for (let i = 1; i < made.length; i++) expect(beginnings[i]).toBeGreaterThanOrEqual(beginnings[i - 1] ?? 0);
        const sorted = (list: readonly MadeCall[]): unknown =>
          list.map((each) => [each.tool, [...each.args].sort((a, b) => (String(a) < String(b) ? -1 : 1))]);
        expect(whole === 0).toBe(JSON.stringify(sorted(made)) === JSON.stringify(sorted(other)));
        expect(whole).toBeLessThanOrEqual((made.length + other.length) * CALL);
        const itself = listCosts(made.length, made.length, costs(made, made.map(asTruth)));
        expect([itself.whole, ...itself.beginnings].every((cost) => cost === 0)).toBe(true);
      }),
    );
  });

  it('of an alignment add up to the least, and it holds every call once and in order', () => {
    fc.assert(
      fc.property(calls, truths, (made, truth) => {
        const pairs = alignCalls(made.length, truth.length, costs(made, truth));
        const cost = pairs.reduce<Fraction>((sum, [i, j]) => {
          if (i === NONE || j === NONE) return plus(sum, ONE);
          return plus(sum, naivePair(made[i]!, truth[j]!) ?? fraction(100n, 1n));
        }, NOTHING);
        expect(cost).toEqual(naiveCost(made, truth));
        const left = pairs.flatMap(([i]) => (i === NONE ? [] : [i]));
        const right = pairs.flatMap(([, j]) => (j === NONE ? [] : [j]));
        expect(left).toEqual(made.map((_, i) => i));
        expect(right).toEqual(truth.map((_, j) => j));
      }),
      { numRuns: 60 },
    );
  });
});
