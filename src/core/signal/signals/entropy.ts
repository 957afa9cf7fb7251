/** Entropy: how undecided the policy was. */
import { tokenEntropies } from '../entropy.ts';
import { itself, type TokenSignal } from '../signal.ts';

export const entropy: TokenSignal<'entropy'> = {
  id: 'entropy',
  label: 'entropy',
  help: 'Entropy of the next-token distribution, from the best source that a token has.',
  unit: 'nats',
  values: ({ forest, model }) => tokenEntropies(forest, model?.entropy ?? null).valueOf,
  amplitude: itself,
};
