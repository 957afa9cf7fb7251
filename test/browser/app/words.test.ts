/** Numbers and sentences on the screen: exact, with unit, and never better than the facts. */
import { describe, expect, it } from 'vitest';
import { asSentence, bytes, count, decimal, duration, honestPercent, percent, plural, signed } from '../../../src/app/text/format.ts';
import { whyAt, wordWhy } from '../../../src/app/text/why.ts';
import type { WhyAnswer } from '../../../src/engine/answers/looking.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('numbers', () => {
  it('are exact while they are short, and scaled with a unit when they are long', () => {
    expect([0, 931, 9999].map(count)).toEqual(['0', '931', '9,999']);
    expect([10_000, 184_203, 12_412_345, 999_999].map(count).map(plain)).toEqual(['10.00 k', '184.2 k', '12.41 M', '1.00 M']);
    expect([0, 999, 2_040_000, 1.34e9].map(bytes).map(plain)).toEqual(['0 B', '999 B', '2.04 MB', '1.34 GB']);
  });

  it('show what is unknown as such', () => {
    expect([decimal(Number.NaN), percent(Number.NaN), signed(Number.NaN), count(Number.NaN)]).toEqual(['–', '–', '–', '–']);
  });

  it('keep small values apart from zero', () => {
    expect(decimal(-2.8e-17)).toBe('0.00');
    expect([decimal(0), decimal(0.0083), decimal(-1.5), decimal(0.00001)]).toEqual(['0.00', '0.0083', '−1.50', '1.0e−5']);
    expect([signed(0.61), signed(-1.02)]).toEqual(['+0.61', '−1.02']);
  });

  it('never round a share up to everything or down to nothing', () => {
    expect(plain(honestPercent(0.99999))).toBe('99.9 %');
    expect(plain(honestPercent(0.00001))).toBe('< 0.1 %');
    expect([1, 0].map((share) => plain(honestPercent(share)))).toEqual(['100.0 %', '0.0 %']);
  });

  it('speak of one and of many', () => {
    expect([plural(1, 'record'), plural(1200, 'record'), plural(2, 'branch', 'branches')]).toEqual([
      '1 record',
      '1,200 records',
      '2 branches',
    ]);
    expect(['no model is loaded', 'model.onnx: expected a graph', 'wasm: no memory', 'Failed to fetch.'].map(asSentence)).toEqual([
      'No model is loaded.',
      'model.onnx: expected a graph.',
      'wasm: no memory.',
      'Failed to fetch.',
    ]);
    expect([duration(40), duration(185), duration(7800)]).toEqual(['40 s', '3 min 05 s', '2 h 10 min']);
  });
});

describe('why', () => {
  const why: WhyAnswer = {
    kept: true,
    sampled: 12,
    trained: 12,
    rank: 212,
    of: 3318,
    signalPerCost: 0.57,
    opensAt: 0.061,
    entersAt: 0.07,
    protection: 'favour',
    factor: 2,
    acts: [],
    protectedAs: ['tool'],
    keptWith: null,
    pinnedUnmet: false,
  };
  const said = (change: Partial<WhyAnswer>): string => {
    const { verdict, rest } = wordWhy({ ...why, ...change }, 0.3, 'distinct');
    return plain(verdict + rest);
  };

  it('words a kept node', () => {
    expect(said({})).toBe(
      'Kept at rank 212 of 3,318: signal per token 0.57, in the block that opens ' +
        'at 6.1 % of all cost. Favoured ×2 as a tool call. Its sampled tokens are trained on.',
    );
  });

  it('says what the train budget left out, and what the policy did not write', () => {
    expect(said({ trained: 0 })).toContain('Left out by the train budget: it carries no loss.');
    expect(said({ trained: 5 })).toContain('5 of its 12 sampled tokens carry loss.');
    expect(said({ sampled: 0, trained: 0 })).toContain('Context only: the policy did not write it.');
    expect(said({ trained: null })).toMatch(/as a tool call\.$/);
  });

  it('says from which budget on a dropped node is kept', () => {
    expect(said({ kept: false, entersAt: 0.418, protection: 'off', protectedAs: [], keptWith: 'ancestor' })).toBe(
      'Dropped at rank 212 of 3,318: signal per token 0.57; it enters at 41.8 %, and the budget is 30.0 %.',
    );
  });

  it('says when a pin could not be met', () => {
    expect(said({ kept: false, pinnedUnmet: true, protection: 'pin', protectedAs: ['hand'] })).toMatch(
      /^Pinned but dropped .* Pinned by hand\. Pinned events alone need more than the budget/,
    );
  });

  it('follows a cut that has moved since the node was asked for', () => {
    expect(whyAt(why, 212)).toBe(why);
    expect(whyAt(why, null)).toBe(why);
    expect(whyAt(why, 211)).toMatchObject({ kept: false, trained: 0, pinnedUnmet: false });
    expect(whyAt({ ...why, protection: 'pin' }, 3)).toMatchObject({ kept: false, pinnedUnmet: true });
    expect(whyAt({ ...why, kept: false, trained: 0 }, 400)).toMatchObject({ kept: true, trained: null });
  });
});
