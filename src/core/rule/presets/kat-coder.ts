/** The announced procedure as it stands. */
import type { Preset } from '../preset.ts';

export const katCoder: Preset<'kat-coder'> = {
  id: 'kat-coder',
  label: 'KAT-Coder procedure',
  help: 'Nodes by entropy importance from the root until the budget is used up, as announced; keeps few endings.',
  rule: { strategy: 'best-first', ranking: 'importance', signal: 'entropy', train: 'nodes' },
  budget: { cut: 0.3, train: 1 },
  weights: 'branch-mean',
};
