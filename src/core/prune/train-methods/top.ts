/** Top: the tokens that the signal values most. */
import type { TrainMethod } from '../train-method.ts';

export const top: TrainMethod<'top'> = {
  id: 'top',
  label: 'top tokens',
  help: 'The tokens with the largest signal × coefficient × |advantage|; their weights stay as they are.',
  tokens: {
    take: 'largest',
    worth:
      ({ signals, favour }) =>
      (at, node) =>
        signals.value(at, node) * signals.weight[node] * favour[node],
  },
};
