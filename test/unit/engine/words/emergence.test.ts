/** Words for emergence: an answer claims no more than the draws behind it tell. */
import { expect, it } from 'vitest';
import type { AmongChances } from '../../../../src/core/emergence/chances.ts';
import { CHANCE_SEEDS, type EffectAnswer } from '../../../../src/engine/answers/emergence.ts';
import { HYPOTHESES, verdictText } from '../../../../src/engine/words/emergence.ts';

const NONE = { value: 1, low: Number.NaN, high: Number.NaN };
const [short] = HYPOTHESES;

function effect(draws: number, told: AmongChances['told'], whole = told): EffectAnswer {
  const among = (one: AmongChances['told']): AmongChances => ({ draws, least: 2, most: 3, mean: 2.5, effect: -1, told: one });
  return {
    group: 'all',
    figure: 'turns-trained',
    count: 9,
    all: 2,
    rule: NONE,
    difference: NONE,
    change: NONE,
    over: { closed: NONE, whole: NONE },
    among: { closed: among(told), whole: among(whole) },
  };
}

it('says how often chance gives what few draws tell, and nothing of that where they tell nothing', () => {
  expect(verdictText(short!, effect(CHANCE_SEEDS, 'less'))).toBe('yes');
  expect(verdictText(short!, effect(2, 'less'))).toBe('yes (of 2 draws: chance alone gives that in 2 of 3 cases)');
  expect(verdictText(short!, effect(5, 'within', 'more'))).toBe(
    'not told apart from chance against parent-closed sets by chance; no, the opposite against whole rollouts by chance ' +
      '(of 5 draws: chance alone gives that in 2 of 6 cases)',
  );
  expect(verdictText(short!, effect(2, 'within'))).toBe('not told apart from chance');
  expect(verdictText(short!, undefined)).toBe('not known');
});
