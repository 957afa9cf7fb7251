/** Numbers and sentences on the screen: exact, with unit, and never better than the facts. */
import { describe, expect, it } from 'vitest';
import { asSentence, bytes, count, decimal, duration, honestPercent, percent, plural, signed } from '../../../src/app/text/format.ts';
import { whyAt, wordWhy } from '../../../src/app/text/why.ts';
import type { LossAnswer } from '../../../src/engine/answers/training.ts';
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
  const trains: LossAnswer = {
    sampled: 12,
    trained: 12,
    place: null,
    rollouts: { sampled: 3, failed: 0, unknown: 0 },
    turns: { sampled: 3, failed: 0 },
    weightless: null,
  };
  const why: WhyAnswer = {
    kept: true,
    loss: trains,
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
    const ofLoss = (change: Partial<LossAnswer>): string => said({ loss: { ...trains, ...change } });
    const rank = { by: 'rank', rank: 96, reach: 60, of: 240, pinned: false } as const;
    expect(ofLoss({ trained: 0, place: rank })).toContain('Not trained: rank 96, the budget reaches 60 of 240.');
    expect(ofLoss({ trained: 0, place: { by: 'draw', low: 0.08, high: 0.08, pinned: false } })).toContain(
      'Not trained: its tokens were not drawn (π 0.08).',
    );
    expect(ofLoss({ trained: 5, place: { by: 'draw', low: 0.02, high: 0.31, pinned: false } })).toContain(
      '5 of its 12 sampled tokens carry loss, drawn with π 0.02 to 0.31.',
    );
    expect(ofLoss({ trained: 0, place: { by: 'worth', low: 0, high: 0.021, threshold: 0.05, pinned: true } })).toContain(
      'worth at most 0.02, the budget reaches 0.05, although it is pinned: pins need more than the train budget.',
    );
    expect(ofLoss({ trained: 0, place: { by: 'worth', low: 0, high: 0, threshold: 0, pinned: false } })).toContain(
      'Not trained: chance left it out among tokens of equal worth.',
    );
    expect(ofLoss({ trained: 0, rollouts: { sampled: 3, failed: 2, unknown: 1 } })).toContain(
      'and of the 3 rollouts that wrote it none is one (2 with reward 0 or less, 1 with reward unknown).',
    );
    expect(ofLoss({ trained: 0, rollouts: { sampled: 1, failed: 0, unknown: 1 } })).toContain(
      'Not trained: reward unknown, and only successes train.',
    );
    expect(ofLoss({ turns: { sampled: 3, failed: 2 } })).toContain(
      'Its turn failed in 2 of 3 trajectories: an export that masks failed turns leaves these out.',
    );
    expect(ofLoss({ turns: { sampled: 3, failed: 3 } })).toContain('Its turn failed: an export that masks failed turns leaves it out.');
    expect(ofLoss({ weightless: 'zero' })).toContain('Its mean advantage is 0, so its loss weighs nothing.');
    expect(ofLoss({ sampled: 0, trained: 0 })).toContain('Context only: the policy did not write it.');
    expect(said({ loss: null })).toMatch(/as a tool call\.$/);
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
    expect(whyAt(why, 211)).toMatchObject({ kept: false, loss: null, pinnedUnmet: false });
    expect(whyAt({ ...why, protection: 'pin' }, 3)).toMatchObject({ kept: false, pinnedUnmet: true });
    expect(whyAt({ ...why, kept: false }, 400)).toMatchObject({ kept: true, loss: null });
  });
});
