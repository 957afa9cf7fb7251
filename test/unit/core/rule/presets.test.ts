/** Presets: complete, told apart by their settings, and chosen by what a log says. */
import { readFileSync } from 'node:fs';
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
  const acts = [{ verb: 'drop' as const, where: 'reward<0.5', isOn: true }];
  const own = { hand, acts, seed: 7, model: { parameters: 1e9, layers: 2, width: 8 } };
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

it('says of each preset what the experiment measured', () => {
  const { entries } = JSON.parse(readFileSync('experiments/gradient/results/s2-A.json', 'utf8')) as {
    entries: { name: string; mode: string; budget: number; truth: Record<string, number> }[];
  };
  const measured = (name: string, mode: string, budget: number, figure: 'cosine' | 'held'): string => {
    const found = entries.filter((entry) => entry.name === name && entry.mode === mode && entry.budget === budget);
    expect(found.length).toBeGreaterThan(0);
    const mean = found.reduce((sum, { truth }) => sum + truth[figure]!, 0) / found.length;
    return mean.toFixed(2).replace('0.', '.');
  };
  const figures: Record<(typeof PRESETS)[number]['id'], string[]> = {
    sft: [measured('SFT preset', 'sft', 0.3, 'held'), measured('whole rollouts', 'sft', 0.3, 'held')],
    rl: [
      measured('RL preset', 'rl', 0.3, 'cosine'),
      measured('PODS', 'rl', 0.3, 'cosine'),
      measured('RL preset', 'rl', 0.3, 'held'),
      measured('PODS', 'rl', 0.3, 'held'),
      measured('whole rollouts', 'rl', 0.3, 'held'),
    ],
    'kat-coder': [
      measured('best-first', 'sft', 0.3, 'cosine'),
      measured('best-first', 'rl', 0.3, 'cosine'),
      measured('whole rollouts', 'sft', 0.3, 'cosine'),
      measured('whole rollouts', 'rl', 0.3, 'cosine'),
    ],
    cheapest: [measured('density, gradient', 'sft', 0.1, 'held'), measured('whole rollouts', 'sft', 0.1, 'held')],
  };
  for (const { id, evidence } of PRESETS) expect(evidence.match(/(?<!\d)\.\d\d/g)).toEqual(figures[id]);
});
