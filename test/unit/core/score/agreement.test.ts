import { describe, expect, it } from 'vitest';
import { agreementOf, pearson, ranks } from '../../../../src/core/score/agreement.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

describe('agreementOf', () => {
  it('compares entropies where both are known, else surprisals', () => {
    const { forest } = treeFromText('a B!1 C!2 D!4 E');
    const nan = Number.NaN;
    const model = { entropy: Float32Array.of(nan, 2, 4, 3, 9), surprisal: Float32Array.of(nan, 1, 1, 1, 1) };
    expect(agreementOf(forest, model)).toMatchObject({
      of: 'entropy',
      tokens: 3,
      spearman: 0.5,
      meanModel: 3,
      logged: Float32Array.of(1, 2, 4),
      model: Float32Array.of(2, 4, 3),
    });
    const logged = treeFromText('a B?1 C?2').forest;
    expect(agreementOf(logged, { entropy: Float32Array.of(nan, 5, 5), surprisal: Float32Array.of(nan, 3, 7) })).toMatchObject({
      of: 'surprisal',
      tokens: 2,
      spearman: 1,
      pearson: 1,
    });
    expect(agreementOf(treeFromText('a B C').forest, model)).toBeNull();
  });
});

describe('correlations', () => {
  it('share ranks among equals and know no correlation with a constant', () => {
    expect([...ranks(Float64Array.of(3, 1, 3, 2))]).toEqual([2.5, 0, 2.5, 1]);
    expect(pearson(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6))).toBeCloseTo(1, 12);
    expect(pearson(Float64Array.of(1, 2, 3), Float64Array.of(5, 5, 5))).toBeNaN();
  });
});
