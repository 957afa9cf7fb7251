/** Supervised fine-tuning. */
import type { Preset } from '../preset.ts';

export const sft: Preset<'sft'> = {
  id: 'sft',
  label: 'SFT: successes, drawn tokens',
  help: 'Successful whole rollouts; loss on 30 % of their tokens, drawn by gradient size and weighted so that no token is favoured.',
  rule: {
    strategy: 'best-rollouts',
    mode: 'sft',
    outcome: 'successes',
    signal: 'gradient',
    train: 'unbiased',
    trainProtect: { memory: { level: 'pin' } },
  },
  budget: { cut: 1, train: 0.3 },
  weights: 'kept-mean',
};
