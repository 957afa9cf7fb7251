/** Rollouts that slime trains on without generating any. */
import type { ExportProfile } from '../profile.ts';
import { ROLLOUT_SAMPLES } from '../rollout-samples.ts';

export const slimeRollouts: ExportProfile = {
  ...ROLLOUT_SAMPLES,
  id: 'slime-rollouts',
  label: 'slime rollouts',
  family: 'slime',
  about: 'Samples with tokens, loss_mask, reward and rollout_log_probs in a file of torch, to train slime on without rollouts of its own',
  specification: 'https://github.com/THUDM/slime/blob/main/slime/utils/types.py',
  fileName: 'slime-rollouts/train.pt',
  training: [
    {
      trainer: 'slime',
      fileName: null,
      text: [
        '# behind these, the arguments of the model and of Megatron; a further file is a further rollout',
        "python train.py --hf-checkpoint MODEL --load-debug-rollout-data 'slime-rollouts/train-{rollout_id:05d}.pt' --num-rollout 1 \\",
        '  --advantage-estimator grpo --disable-rewards-normalization --use-rollout-logprobs',
        '',
      ].join('\n'),
    },
  ],
};
