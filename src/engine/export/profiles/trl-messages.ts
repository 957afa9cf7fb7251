/** Conversations for TRL's SFTTrainer with assistant_only_loss: all answers of a record train. */
import { markedMessages } from '../marked-messages.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';
import { jsonLines, type ExportProfile } from '../profile.ts';
import { mayTrainWhole, UNTRAINED_OPTION } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf } from '../spelling.ts';
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
    const marked = markedMessages(unit, planned, tally);
    if (marked === null || !mayTrainWhole(marked, options, tally)) return null;
    const tools = toolsOf(unit, marked, tally);
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    return { messages: marked.map(({ said }) => spelled(said, how, tally)), ...(tools === null ? {} : { tools: JSON.stringify(tools) }) };
  }),
};
