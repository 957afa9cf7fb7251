/** Conversations for the SFT of NeMo-RL, with the mask of messages that newer versions read. */
import { jsonRows } from '../json-rows.ts';
import { markedMessages } from '../marked-messages.ts';
import type { ExportProfile } from '../profile.ts';
import { mayTrainWhole, UNTRAINED_OPTION } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf } from '../spelling.ts';
import type { BranchUnit } from '../units.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';

export const nemoRl: ExportProfile = {
  id: 'nemo-rl',
  label: 'NeMo-RL SFT',
  family: 'NeMo',
  about: 'messages, message_loss_mask and tools, for OpenAIFormatDataset of NeMo-RL; versions without that mask train all answers',
  specification: 'https://docs.nvidia.com/nemo/rl/latest/guides/sft.html',
  fileName: 'nemo-rl/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [ARGUMENTS_OPTION, UNTRAINED_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'NeMo-RL',
      fileName: 'data.yaml',
      text: [
        '# in a configuration: uv run examples/run_sft.py --config sft.yaml',
        'policy:',
        '  model_name: MODEL',
        'data:',
        '  train:',
        '    dataset_name: openai_format',
        '    data_path: nemo-rl/train.jsonl',
        '    use_preserving_dataset: true',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => wholeWarnings(planned, 'NeMo-RL without message_loss_mask'),
  // Its preserving reader keeps rows as they are.
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const marked = markedMessages(unit, planned, tally, { endsWithAnswer: true });
    if (marked === null || !mayTrainWhole(marked, options, tally)) return [];
    const tools = toolsOf(unit, marked, tally);
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    return [
      {
        messages: marked.map(({ said }) => spelled(said, how, tally)),
        message_loss_mask: marked.map(({ trains }) => (trains ? 1 : 0)),
        ...(tools === null ? {} : { tools }),
      },
    ];
  }),
};
