/** Preferences for TRL's DPOTrainer: two continuations of one prompt whose rollouts have different rewards. */
import { pairRows } from '../pair-rows.ts';
import type { ExportProfile } from '../profile.ts';
import { jsonRows } from '../json-rows.ts';
import { ARGUMENTS_OPTION } from '../spelling.ts';
import type { TaskUnit } from '../units.ts';
import { messageWarnings } from '../whole-mark-warnings.ts';

export const trlDpo: ExportProfile = {
  id: 'trl-dpo',
  label: 'TRL DPO',
  family: 'TRL',
  about: 'prompt, chosen and rejected, from branches of a task that part at an answer and differ in reward, for TRL’s DPOTrainer',
  specification: 'https://huggingface.co/docs/trl/dpo_trainer',
  fileName: 'trl-dpo/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  needs: ['messages'],
  options: [
    { name: 'pairs', label: 'Pairs of a fork', help: 'at most', type: 'number', min: 1, max: 1000, whole: true, default: 1 },
    { name: 'gap', label: 'Least gap', help: 'of the two rewards', type: 'number', min: 0, max: 1e9, whole: false, default: 0 },
    {
      name: 'sides',
      label: 'Sides',
      help: 'all from the first different answer on (rest), or that answer alone (turn)',
      type: 'choice',
      values: ['rest', 'turn'],
      default: 'rest',
    },
    ARGUMENTS_OPTION,
  ],
  byDefault: false,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train.py',
      text: [
        'from datasets import load_dataset',
        'from trl import DPOConfig, DPOTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-dpo/train.jsonl", split="train")',
        'settings = DPOConfig(output_dir="out", max_length=None)',
        'DPOTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => [...messageWarnings(planned), 'Preferences know neither weights nor which answers carry loss.'],
  writer: jsonRows(({ records }: TaskUnit, planned, options, tally) =>
    pairRows(records, planned, { ...options, pairs: Number(options['pairs']), gap: Number(options['gap']) }, tally),
  ),
};
