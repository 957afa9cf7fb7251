/** Recorded answers with the log-probs and advantages that GRPO trains on, without generating anything. */
import { jsonLines, type ExportProfile } from '../profile.ts';
import { advantageWarnings, hasLogprobs, rlRow } from '../rl-rows.ts';
import { rowValues } from '../row-values.ts';
import type { BranchUnit } from '../units.ts';

export const trlGrpoReplay: ExportProfile = {
  id: 'trl-grpo-replay',
  label: 'TRL GRPO replay',
  family: 'TRL',
  about: 'Prompt, completion, old_log_probs and advantage of each token, and group_id, to train with GRPO on what the log holds',
  specification: 'https://huggingface.co/docs/trl/grpo_trainer',
  fileName: 'trl-grpo-replay/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: ['log-probs'],
  saysWeights: () => true,
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train_grpo.py',
      text: [
        'import torch',
        'from datasets import load_dataset',
        'from torch.nn.utils.rnn import pad_sequence',
        'from torch.utils.data import RandomSampler',
        'from trl import GRPOConfig, GRPOTrainer',
        '',
        '',
        'class Replay(GRPOTrainer):',
        '    """Trains on the completions of the file: nothing is generated."""',
        '',
        '    def _get_train_sampler(self, dataset=None):',
        '        return RandomSampler(dataset or self.train_dataset)',
        '',
        '    def _generate_and_score_completions(self, rows):',
        '        def column(name, side="right"):',
        '            values = [torch.tensor(row[name]) for row in rows]',
        '            return pad_sequence(values, batch_first=True, padding_side=side).to(self.accelerator.device)',
        '',
        '        def mask(name, side="right"):',
        '            ones = [torch.ones(len(row[name]), dtype=torch.long) for row in rows]',
        '            return pad_sequence(ones, batch_first=True, padding_side=side).to(self.accelerator.device)',
        '',
        '        trained = column("loss_mask")',
        '        return {',
        '            "prompt_ids": column("prompt_ids", "left"),',
        '            "prompt_mask": mask("prompt_ids", "left"),',
        '            "completion_ids": column("completion_ids"),',
        '            "completion_mask": mask("completion_ids"),',
        '            "tool_mask": trained,',
        '            "old_per_token_logps": column("old_log_probs"),',
        '            "advantages": column("advantage"),',
        '            "num_items_in_batch": trained.sum(),',
        '        }',
        '',
        '',
        'rows = load_dataset("json", data_files="trl-grpo-replay/train.jsonl", split="train")',
        'settings = GRPOConfig(output_dir="out", loss_type="dapo", num_generations=2)',
        'Replay("MODEL", lambda completions, **_: [0.0] * len(completions), settings, rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: advantageWarnings,
  writer(planned, options, tally) {
    const values = rowValues(planned);
    return jsonLines(
      (unit: BranchUnit) => {
        const own = unit.row(planned.spec.weights);
        const row = own && rlRow(own, values, tally);
        if (row === null) return null;
        if (!hasLogprobs(row)) {
          tally.add('records with a trained token of unknown log-prob, left out');
          return null;
        }
        const { ids, weight, advantage, logprob, start, end } = row;
        const trained = (i: number): boolean => (weight[i] ?? 0) > 0;
        const tokens = Array.from(ids.subarray(start, end).keys(), (i) => start + i);
        return {
          prompt_ids: Array.from(ids.subarray(0, start)),
          completion_ids: Array.from(ids.subarray(start, end)),
          loss_mask: tokens.map((i) => (trained(i) ? 1 : 0)),
          old_log_probs: tokens.map((i) => (trained(i) ? logprob[i] : 0)),
          // The loss of GRPO is proportional to the advantage, so that can hold the weight.
          advantage: tokens.map((i) => (trained(i) ? (weight[i] ?? 0) * (advantage[i] ?? 0) : 0)),
          group_id: unit.origin.task,
          rollout: unit.origin.rollout,
        };
      },
      { old_log_probs: 'float', advantage: 'float' },
    )(planned, options, tally);
  },
};
