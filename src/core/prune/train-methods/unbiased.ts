/** Unbiased: a draw whose weighted gradient is that of all tokens, in the mean over seeds. */
import type { TrainMethod } from '../train-method.ts';

export const unbiased: TrainMethod<'unbiased'> = {
  id: 'unbiased',
  label: 'unbiased draw',
  help: 'Tokens drawn with a probability π ∝ coefficient × |advantage| × amplitude of the signal, weighted by coefficient ÷ π.',
  tokens: {
    take: 'drawn',
    worth:
      ({ signals, favour }) =>
      (at, node) =>
        signals.amplitude(at, node) * signals.weight[node] * favour[node],
  },
};
