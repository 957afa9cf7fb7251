/** Conversations for the SFT of slime, with step_loss_mask on each message. */
import { jsonRows } from '../json-rows.ts';
import { markedMessages } from '../marked-messages.ts';
import type { ExportProfile } from '../profile.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf } from '../spelling.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';

export const slime: ExportProfile = {
  id: 'slime',
  label: 'slime SFT',
  family: 'slime',
  about: 'messages with step_loss_mask 0 or 1, and tools, for the SFT of slime and miles',
  specification: 'https://github.com/THUDM/slime/blob/main/slime/utils/mask_utils.py',
  fileName: 'slime/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [ARGUMENTS_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'slime',
      fileName: null,
      text: [
        '# behind these, the arguments of the model and of Megatron',
        'python train.py --hf-checkpoint MODEL --prompt-data slime/train.jsonl --input-key messages --tool-key tools \\',
        '  --rollout-function-path slime.rollout.sft_rollout.generate_rollout --loss-type sft_loss --calculate-per-token-loss \\',
        '  --disable-compute-advantages-and-returns --debug-train-only',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: wholeMarkWarnings,
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const marked = markedMessages(unit, planned, tally);
    if (marked === null) return [];
    const tools = toolsOf(unit, marked, tally);
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    return [
      {
        messages: marked.map(({ said, trains }) => ({ ...spelled(said, how, tally), step_loss_mask: trains ? 1 : 0 })),
        ...(tools === null ? {} : { tools }),
      },
    ];
  }),
};
