/** Conversations for TRL's SFTTrainer with assistant_only_loss: all answers of a record train. */
import { wholeRecord } from '../whole-records.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';
import { jsonLines, type ExportProfile } from '../profile.ts';
import { UNTRAINED_OPTION } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling } from '../spelling.ts';
import { answerMarkWarnings } from '../template-warnings.ts';
import type { BranchUnit } from '../units.ts';

export const trlMessages: ExportProfile = {
  id: 'trl-messages',
  label: 'TRL messages',
  family: 'TRL',
  about: 'messages and tools, for TRL’s SFTTrainer with assistant_only_loss, which trains all answers',
  specification: 'https://huggingface.co/docs/trl/dataset_formats',
  fileName: 'trl-messages/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [ARGUMENTS_OPTION, UNTRAINED_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train.py',
      text: [
        'from datasets import load_dataset',
        'from trl import SFTConfig, SFTTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-messages/train.jsonl", split="train")',
        'settings = SFTConfig(output_dir="out", max_length=None, assistant_only_loss=True)',
        'SFTTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => [...wholeWarnings(planned, 'TRL'), ...answerMarkWarnings(planned)],
  writer: jsonLines((unit: BranchUnit, planned, options, tally) => {
    const how = { calls: callSpelling(planned, options), reasoning: 'member' } as const;
    const record = wholeRecord(unit, planned, options, tally, how);
    if (record === null) return null;
    return { messages: record.messages, ...(record.tools === null ? {} : { tools: JSON.stringify(record.tools) }) };
  }),
};
