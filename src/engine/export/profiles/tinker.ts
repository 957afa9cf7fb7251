/** Conversations for the tinker cookbook, with trainable on each message and calls in its words. */
import { jsonRows } from '../json-rows.ts';
import { markedMessages } from '../marked-messages.ts';
import type { ExportProfile } from '../profile.ts';
import { spelled, toolsOf } from '../spelling.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';

export const tinker: ExportProfile = {
  id: 'tinker',
  label: 'tinker',
  family: 'tinker',
  about: 'messages with trainable, calls written into the answer, for FromConversationFileBuilder of the tinker cookbook',
  specification: 'https://github.com/thinking-machines-lab/tinker-cookbook/blob/main/tinker_cookbook/supervised/data.py',
  fileName: 'tinker/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'tinker cookbook',
      fileName: 'train.py',
      text: [
        'import asyncio',
        '',
        'from tinker_cookbook import model_info',
        'from tinker_cookbook.renderers import TrainOnWhat',
        'from tinker_cookbook.supervised import train',
        'from tinker_cookbook.supervised.data import FromConversationFileBuilder',
        'from tinker_cookbook.supervised.types import ChatDatasetBuilderCommonConfig',
        '',
        'common = ChatDatasetBuilderCommonConfig(',
        '    model_name_for_tokenizer="MODEL",',
        '    renderer_name=model_info.get_recommended_renderer_name("MODEL"),',
        '    max_length=32768,',
        '    batch_size=16,',
        '    train_on_what=TrainOnWhat.CUSTOMIZED,',
        ')',
        'rows = FromConversationFileBuilder(common_config=common, file_path="tinker/train.jsonl")',
        'settings = train.Config(',
        '    log_path="out", model_name="MODEL", recipe_name="espalier", dataset_builder=rows, learning_rate=2e-4, num_epochs=1',
        ')',
        'asyncio.run(train.main(settings))',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: wholeMarkWarnings,
  // Its reader gives every message the members that any has, as null, which its renderers do not take for calls.
  writer: jsonRows((unit: BranchUnit, planned, _options, tally) => {
    const marked = markedMessages(unit, planned, tally);
    if (marked === null) return [];
    if (toolsOf(unit, marked, tally) !== null) tally.add('records whose tool definitions are left out');
    return [
      {
        messages: marked.map(({ said, trains }) => {
          const { role, content } = spelled(said, { calls: 'text', reasoning: 'content', images: 'left-out' }, tally);
          return { role, content, trainable: trains };
        }),
      },
    ];
  }),
};
