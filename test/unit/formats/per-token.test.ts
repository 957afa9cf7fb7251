/** The three alignments of per-token arrays, told apart by length. */
import { describe, expect, it } from 'vitest';
import { alignToMask, readIds, readMask } from '../../../src/formats/per-token.ts';

const mask = Uint8Array.from([0, 1, 1, 0, 1]);
const aligned = (value: unknown) => {
  const read = alignToMask(value, mask);
  return read === null ? null : read.ok ? [...read.values] : read.found;
};
const none = Number.NaN;

describe('alignToMask', () => {
  it('reads a list as long as the ids and ignores fillers', () => {
    expect(aligned([0, -1, -2, 1, -3])).toEqual([none, -1, -2, none, -3]);
  });
  it('reads a list that begins at the first sampled id', () => {
    expect(aligned([-1, -2, -100, -3])).toEqual([none, -1, -2, none, -3]);
  });
  it('reads a compact list', () => {
    expect(aligned([-1, -2, -3])).toEqual([none, -1, -2, none, -3]);
  });
  it('takes null for an unknown value, and keeps -9999', () => {
    expect(aligned([null, -9999, -3])).toEqual([none, none, -9999, none, -3]);
  });
  it('tells a missing list from one of the wrong length or type', () => {
    expect(aligned(undefined)).toBeNull();
    expect(aligned([])).toBeNull();
    expect(aligned([1, 2])).toBe('2 entries');
    expect(aligned(['x', 'y', {}])).toBe('the text "x" at token 1');
    expect(aligned({ length: 3 })).toBe('object');
  });
});

it('leaves out entries that are no numbers, and says how many', () => {
  expect(alignToMask(['x', '-1.5', true], mask)).toEqual({
    ok: true,
    values: Float64Array.of(none, none, -1.5, none, none),
    fault: { expected: 'numbers or null', count: 2, first: 'the text "x" at token 1' },
  });
  expect(aligned(['-inf', 'Infinity', null])).toEqual([none, -Infinity, Infinity, none, none]);
});

describe('readIds and readMask', () => {
  it('refuse what is no list of ids', () => {
    expect([...readIds([0, 151644])!]).toEqual([0, 151644]);
    expect([...readIds(['0', '151644'])!]).toEqual([0, 151644]);
    for (const value of [null, [], [1.5], [-1], ['x'], ['-1'], [[1]], 3, [2 ** 31]]) expect(readIds(value)).toBeNull();
  });
  it('accept booleans and numbers', () => {
    expect([...readMask([true, 0, 1, false], 4)!]).toEqual([1, 0, 1, 0]);
    expect(readMask([true], 2)).toBeNull();
    expect(readMask(['1'], 1)).toBeNull();
  });
});
