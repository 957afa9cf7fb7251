/** The least forward work. */
import type { Preset } from '../preset.ts';

export const cheapest: Preset<'cheapest'> = {
  id: 'cheapest',
  label: 'Cheapest forward',
  help: 'The most signal per forward token, wherever it lies; rollouts lose their endings first.',
  evidence: 'Measured on a small student at 10 % in SFT: held-out cosine .70 where random whole rollouts have .54.',
  rule: { strategy: 'density', signal: 'gradient', train: 'nodes' },
  budget: { cut: 0.1, train: 1 },
  weights: 'branch-mean',
};
