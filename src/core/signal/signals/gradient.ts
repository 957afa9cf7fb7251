/** Gradient: how hard training on the token would pull, as far as its logits say. */
import type { TokenSignal } from '../signal.ts';

export const gradient: TokenSignal<'gradient'> = {
  id: 'gradient',
  label: 'gradient',
  help: '‖p − 1‖² = 1 − 2p(y) + Σp²: the squared gradient of the token’s loss by the logits, by a scoring model.',
  unit: '',
  // p(y) and a few logged log-probs do not say Σp²: without a scoring model it is unknown.
  values: ({ model }) => {
    const column = model?.gradient ?? null;
    return column === null ? null : (at) => column[at];
  },
  otherwise: 'entropy',
  amplitude: Math.sqrt,
};
