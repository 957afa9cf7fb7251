/** Forking tokens: where the policy hesitated, whatever the signal is. */
import type { TrainMethod } from '../train-method.ts';

export const forking: TrainMethod<'forking'> = {
  id: 'forking',
  label: 'forking tokens',
  help: 'The tokens of highest entropy, whatever the signal (arXiv 2506.01939; top_entropy_quantile in TRL).',
  tokens: {
    take: 'largest',
    worth:
      ({ signals }) =>
      (at, node) =>
        signals.entropy(at, node),
  },
};
