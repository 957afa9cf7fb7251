/** Exact sums against whole numbers of any size: rounded once, whatever the order. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addExactly, makeRunningSums, roundedSum, type SumParts } from '../../../../src/core/signal/exact-sum.ts';

/** 2^-1074 is the least double: every double is a whole number of these. */
const LEAST_EXPONENT = 1074n;

function wholeOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 1n ? -size : size;
}

/** The double nearest to `whole` × 2^-1074; half way: the even one. */
function doubleOf(whole: bigint): number {
  const size = whole < 0n ? -whole : whole;
  const length = size === 0n ? 0 : size.toString(2).length;
  const drop = BigInt(Math.max(0, length - 53));
  let kept = size >> drop;
  const rest = size - (kept << drop);
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  if (drop > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept++;
  // In two steps: 2^-1074 times a large number may leave the range on the way.
  const exponent = Number(drop) - Number(LEAST_EXPONENT);
  const value = Number(kept) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(0, exponent + 1000);
  return whole < 0n ? -value : value;
}

const sumOf = (values: readonly number[]): number => {
  const parts: SumParts = [];
  for (const value of values) addExactly(parts, value);
  return roundedSum(parts);
};
const exactOf = (values: readonly number[]): number => doubleOf(values.reduce((sum, value) => sum + wholeOf(value), 0n));

const value = fc.oneof(
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -1e290, max: 1e290, noNaN: true }),
  fc.constantFrom(1, -1, 2 ** -53, -(2 ** -53), 2 ** -106, 2 ** 53, 0.1, 1 / 3, -1e16, 5e-324, -0),
);
const lists = fc.array(value, { maxLength: 30 });

it('is the double nearest to the sum', () => {
  fc.assert(
    fc.property(lists, (values) => {
      expect(sumOf(values)).toBe(exactOf(values));
    }),
    { numRuns: 2000 },
  );
  expect(sumOf([0.1, 0.2, -0.3, 1e100, -1e100])).toBe(2 ** -55);
  expect(sumOf([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52);
  expect(Object.is(sumOf([-0]), 0)).toBe(true);
});

it('is the same over any run of a list, whatever stands before it', () => {
  fc.assert(
    fc.property(lists, fc.nat(30), fc.nat(30), (values, a, b) => {
      const [from, to] = [Math.min(a, b, values.length), Math.min(Math.max(a, b), values.length)];
      const sums = makeRunningSums();
      for (const each of values) sums.push(each);
      expect(sums.between(from, to)).toBe(sumOf(values.slice(from, to)));
    }),
    { numRuns: 2000 },
  );
});

it('is unknown where it leaves the range of doubles', () => {
  expect(sumOf([1e308, 1e308])).toBeNaN();
  expect(sumOf([Infinity, 1])).toBeNaN();
});
