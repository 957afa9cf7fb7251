/** Tokens: every sampled token alike. */
import { itself, type TokenSignal } from '../signal.ts';

export const tokens: TokenSignal<'tokens'> = {
  id: 'tokens',
  label: 'sampled tokens',
  help: 'Every sampled token is worth 1, so long turns count more.',
  unit: 'tokens',
  values: () => () => 1,
  amplitude: itself,
};
