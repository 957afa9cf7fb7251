/** Conversations as Parquet for the SFT of verl, with a class that reads tools, arguments and marks from them. */
import type { MarkedMessage } from '../marked-messages.ts';
import { markedMessages } from '../marked-messages.ts';
import { parquetRows, prepareParquet, type ParquetSchema } from '../parquet.ts';
import type { ExportProfile } from '../profile.ts';
import { spelled, toolsOf } from '../spelling.ts';
import type { Tally } from '../tally.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';

const text = (name: string, repetition: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED'): ParquetSchema[number] => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: repetition,
});

const list = (name: string, members: number, repetition: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED'): ParquetSchema => [
  { name, repetition_type: repetition, converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'REQUIRED', num_children: members },
];

const SCHEMA: ParquetSchema = [
  { name: 'root', num_children: 2 },
  ...list('messages', 7),
  text('role'),
  text('content'),
  text('reasoning_content', 'OPTIONAL'),
  ...list('tool_calls', 3, 'OPTIONAL'),
  text('id'),
  text('type'),
  { name: 'function', repetition_type: 'REQUIRED', num_children: 2 },
  text('name'),
  text('arguments'),
  text('tool_call_id', 'OPTIONAL'),
  text('name', 'OPTIONAL'),
  { name: 'train', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
  text('tools_json', 'OPTIONAL'),
];

/** One type for all rows, so arguments and tools are JSON text; verl's own class would hand that to the template as it is. */
const READER = `"""Reads train.parquet for verl: tools and arguments from their JSON text, and loss only where \`train\` says so."""

import json

from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset


def said(message):
    """A message without empty members, with arguments as objects."""
    message = {name: value for name, value in message.items() if value is not None}
    for call in message.get("tool_calls", []):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return message


class Conversations(MultiTurnSFTDataset):
    """data.custom_cls.path=verl-sft/conversations.py data.custom_cls.name=Conversations"""

    def _read_files_and_process(self):
        super()._read_files_and_process()
        texts = self.dataframe["tools_json"].tolist()
        self.tools = [json.loads(text) if isinstance(text, str) else None for text in texts]

    def _build_messages(self, example):
        return [said(message) for message in super()._build_messages(example)]

    def _process_single_message(self, index, message, *args, **kwargs):
        processed = super()._process_single_message(index, message, *args, **kwargs)
        if not message["train"]:
            processed[1].zero_()
        return processed
`;

export const verlSft: ExportProfile = {
  id: 'verl-sft',
  label: 'verl SFT',
  family: 'verl',
  about: 'messages with train, and tools, as Parquet, with a class that reads them, for the SFT of verl',
  specification: 'https://verl.readthedocs.io/en/latest/',
  fileName: 'verl-sft/train.parquet',
  mediaType: 'application/vnd.apache.parquet',
  kind: 'parquet',
  unit: 'branch',
  needs: ['messages'],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'verl',
      fileName: null,
      text: [
        'torchrun --standalone --nproc_per_node=1 -m verl.trainer.sft_trainer model.path=MODEL \\',
        '  data.train_files=verl-sft/train.parquet data.custom_cls.path=verl-sft/conversations.py data.custom_cls.name=Conversations \\',
        '  data.max_length=32768 data.max_token_len_per_gpu=32768 data.train_batch_size=16 trainer.default_local_dir=out',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => [
    ...wholeMarkWarnings(planned),
    'verl’s own class of data sets trains all answers and reads no tools of these rows: use Conversations of verl-sft/conversations.py.',
    'verl renders each message alone and stops where that differs from the whole, as with thoughts in templates of Qwen3.',
  ],
  beside: () => [{ name: 'conversations.py', text: READER }],
  prepare: prepareParquet,
  writer: parquetRows(
    () => SCHEMA,
    (unit: BranchUnit, planned, _options, tally) => {
      const marked = markedMessages(unit, planned, tally);
      if (marked === null) return null;
      const tools = toolsOf(unit, marked, tally);
      return [{ messages: marked.map((message) => messageOf(message, tally)), tools_json: tools === null ? null : JSON.stringify(tools) }];
    },
  ),
};

function messageOf({ said, trains }: MarkedMessage, tally: Tally): object {
  const message = spelled(said, { calls: 'json', reasoning: 'member', images: 'left-out' }, tally);
  return {
    role: message.role,
    content: message.content,
    reasoning_content: message.reasoning_content ?? null,
    tool_calls: message.tool_calls ?? null,
    tool_call_id: message.tool_call_id ?? null,
    name: message.name ?? null,
    train: trains,
  };
}
