/** Acts in words. */
import { expect, it } from 'vitest';
import type { Act } from '../../../../src/core/acts/act.ts';
import { actText, asksTheCut, byText, checkedFilter, matchedText } from '../../../../src/engine/words/acts.ts';

const drop: Act = { verb: 'drop', where: 'reward<0.5', isOn: true };
const hand: Act = { verb: 'drop', nodes: ['0123456789abcdef'], isOn: true };
const named: Act = { ...drop, name: 'short\u202eones' };
const facts = { rollouts: 41, nodes: null, overruled: 0, elsewhere: 0, fault: null };

it('says what a line does, and of what', () => {
  expect(actText(drop)).toBe('Drop reward<0.5');
  expect(actText(hand)).toBe('Drop 1 node by hand');
  expect(actText({ verb: 'favour', rollouts: ['0123456789abcdef', 'fedcba9876543210'], times: 3, isOn: true })).toBe(
    'Favour ×3 2 rollouts by hand',
  );
  expect(actText({ verb: 'best', count: 2, isOn: true })).toBe('Export best 2 of each task');
});

it('says by what a node is dropped: by hand, by a filter, or by a name that hides nothing', () => {
  const by = (acts: readonly Act[]): string => byText(acts, { verb: 'drop', lines: acts.map((_, line) => line) });
  expect(by([hand])).toBe('by hand');
  expect(by([drop])).toBe('by `reward<0.5`');
  expect(by([drop, hand, hand])).toBe('by `reward<0.5` and hand');
  expect(by([named])).not.toContain('\u202e');
});

it('counts what a line names, and says what other lines took', () => {
  expect(matchedText(facts, drop)).toBe('41 rollouts');
  expect(matchedText({ ...facts, rollouts: 1 }, drop)).toBe('1 rollout');
  expect(matchedText({ ...facts, overruled: 1200, elsewhere: 2 }, drop)).toBe(
    '41 rollouts, 1,200 decided by other lines, 2 not in this log',
  );
  expect(matchedText({ ...facts, rollouts: null, nodes: 2 }, hand)).toBe('2 nodes');
  expect(matchedText({ ...facts, overruled: 11 }, { verb: 'keep', where: 'solved', isOn: true })).toBe('30 of 41 rollouts exported');
  expect(matchedText(facts, { ...drop, isOn: false })).toBe('off');
  expect(matchedText({ ...facts, fault: 'there is no column rewrd' }, drop)).toBe('there is no column rewrd');
});

it('tells filters that an act cannot ask', () => {
  expect([checkedFilter('reward<0.5'), checkedFilter('(reward<0.5') === null]).toEqual([null, false]);
  expect([asksTheCut('kept<0.5 solved'), asksTheCut('solved'), asksTheCut('-trained>3'), asksTheCut('(')]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
