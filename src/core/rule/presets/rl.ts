/** Reinforcement learning. */
import type { Preset } from '../preset.ts';

export const rl: Preset<'rl'> = {
  id: 'rl',
  label: 'RL: whole branches',
  help: 'Whole branches by |advantage| × gradient per token, so that endings stay; groups without advantage come last.',
  rule: { strategy: 'whole-branches', mode: 'rl', signal: 'gradient', train: 'nodes' },
  budget: { cut: 0.3, train: 1 },
  weights: 'branch-mean',
};
