/** Presets: complete, told apart by their settings, and chosen by what a log says. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE, isRule } from '../../../../src/core/model/rule.ts';
import { PRESETS, presetFor, presetOf, presetRule } from '../../../../src/core/rule/presets.ts';

it.each(PRESETS)('$id makes a whole rule with budgets that are shares, and is found again by it', (preset) => {
  const rule = presetRule(preset);
  expect(isRule(rule)).toBe(true);
  expect(presetOf(rule)?.id).toBe(preset.id);
  for (const share of [preset.budget.cut, preset.budget.train]) expect(share > 0 && share <= 1).toBe(true);
});

it('keeps choices by hand, the seed and the model shape, which say nothing about the preset', () => {
  const hand = [{ key: '0123456789abcdef', protection: { level: 'pin' } as const }];
  const own = { hand, seed: 7, model: { parameters: 1e9, layers: 2, width: 8 } };
  const rule = presetRule(PRESETS[0], own);
  expect(rule).toMatchObject(own);
  expect(presetOf(rule)?.id).toBe(PRESETS[0].id);
  expect(presetOf({ ...rule, gamma: 0.5 })).toBeNull();
});

it('is not what a rule without a preset is', () => {
  expect(presetOf(DEFAULT_RULE)).toBeNull();
});

it('protects memory events in the cut and in training under every preset', () => {
  for (const preset of PRESETS) {
    const { protect, trainProtect } = presetRule(preset);
    expect(protect.memory?.level === 'favour' || protect.memory?.level === 'pin').toBe(true);
    expect(trainProtect.memory?.level).toBe('pin');
  }
});

it('never trains on failures for SFT unless that is chosen', () => {
  expect(presetRule(PRESETS.find(({ id }) => id === 'sft')!).outcome).toBe('successes');
});

it('chooses by what a log says, and says which fact decided', () => {
  const known = { contrastingTasks: 3, rewards: { known: 20, positive: 5 }, isPolicyLog: true };
  expect(presetFor(known)).toEqual({ id: 'rl', because: 'policy-log-with-contrast' });
  expect(presetFor({ ...known, isPolicyLog: false })).toEqual({ id: 'sft', because: 'successes-known' });
  expect(presetFor({ ...known, contrastingTasks: 0 })).toEqual({ id: 'sft', because: 'successes-known' });
  expect(presetFor({ ...known, contrastingTasks: 0, rewards: { known: 20, positive: 0 } })).toEqual({ id: 'sft', because: 'no-success' });
  expect(presetFor({ ...known, contrastingTasks: 0, rewards: { known: 0, positive: 0 } })).toEqual({ id: 'sft', because: 'no-rewards' });
});
