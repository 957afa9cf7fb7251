/** Rollouts that miles trains on without generating any. */
import type { ExportProfile } from '../profile.ts';
import { ROLLOUT_SAMPLES } from '../rollout-samples.ts';

export const milesRollouts: ExportProfile = {
  ...ROLLOUT_SAMPLES,
  id: 'miles-rollouts',
  label: 'miles rollouts',
  family: 'miles',
  about: 'Samples with tokens, loss_mask, reward and rollout_log_probs in a file of torch, to train miles on without rollouts of its own',
  specification: 'https://github.com/radixark/miles/blob/main/miles/utils/types.py',
  fileName: 'miles-rollouts/train.pt',
  training: [
    {
      trainer: 'miles',
      fileName: null,
      text: [
        '# behind these, the arguments of the model and of Megatron; a further file is a further rollout',
        "python train.py --hf-checkpoint MODEL --load-debug-rollout-data 'miles-rollouts/train-{rollout_id:05d}.pt' --num-rollout 1 \\",
        '  --advantage-estimator grpo --disable-rewards-normalization --use-rollout-logprobs',
        '',
      ].join('\n'),
    },
  ],
};
