/** Random: a uniformly random share of the tokens, the baseline of the other methods. */
import type { TrainMethod } from '../train-method.ts';

export const random: TrainMethod<'random'> = {
  id: 'random',
  label: 'random tokens',
  help: 'Baseline: uniformly random tokens; their weights stay as they are.',
  tokens: { take: 'largest', worth: () => () => 0 },
};
