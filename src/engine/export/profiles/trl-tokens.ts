/** Rows of token ids with labels: TRL's SFTTrainer and the Trainer of transformers take them as they are. */
import { countRecords, type ExportProfile } from '../profile.ts';
import type { BranchUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

/** What no loss is computed for: PyTorch's `ignore_index`. */
const IGNORED = -100;

export const trlTokens: ExportProfile = {
  id: 'trl-tokens',
  label: 'TRL tokens',
  family: 'TRL',
  about: 'input_ids, attention_mask and labels, for TRL’s SFTTrainer and the Trainer of transformers',
  specification: 'https://huggingface.co/docs/trl/sft_trainer',
  fileName: 'trl-tokens/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train.py',
      text: [
        'from datasets import load_dataset',
        'from trl import SFTConfig, SFTTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-tokens/train.jsonl", split="train")',
        'settings = SFTConfig(output_dir="out", max_length=None)',
        'SFTTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: (planned) => countRecords(planned, 'train-once'),
  warnings(planned) {
    const found = lossWarnings(planned);
    if (planned.spec.weights !== 'train-once')
      found.push(
        `Labels know no weights: each token trains once, in the first record that shows it, and not by ${planned.spec.weights}. ` +
          `For weights, use tokens.jsonl.`,
      );
    return found;
  },
  writer(planned, _options, tally) {
    return {
      write(unit: BranchUnit) {
        const row = unit.row('train-once');
        if (row === null) return null;
        if (planned.spec.weights !== 'train-once') tally.add(`records marked by train-once in place of ${planned.spec.weights}`);
        const ids = Array.from(row.ids);
        tally.add('weights of drawn tokens, left out', row.weight.filter((weight) => weight !== 0 && weight !== 1).length);
        const labels = ids.map((id, i) => ((row.weight[i] ?? 0) > 0 ? id : IGNORED));
        return new TextEncoder().encode(`${JSON.stringify({ input_ids: ids, attention_mask: ids.map(() => 1), labels })}\n`);
      },
    };
  },
};
