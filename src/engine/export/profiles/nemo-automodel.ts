/** Conversations for the ChatDataset of NeMo Automodel, which trains every answer. */
import { jsonRows } from '../json-rows.ts';
import type { ExportProfile } from '../profile.ts';
import { UNTRAINED_OPTION } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling } from '../spelling.ts';
import type { BranchUnit } from '../units.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';
import { wholeRecord } from '../whole-records.ts';

export const nemoAutomodel: ExportProfile = {
  id: 'nemo-automodel',
  label: 'NeMo Automodel',
  family: 'NeMo',
  about: 'messages and tools, for ChatDataset of NeMo Automodel, which trains all answers where the template marks them',
  specification: 'https://docs.nvidia.com/nemo/automodel/latest/guides/llm/dataset.html',
  fileName: 'nemo-automodel/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [ARGUMENTS_OPTION, UNTRAINED_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'NeMo Automodel',
      fileName: 'dataset.yaml',
      text: [
        '# in a recipe: automodel finetune llm -c recipe.yaml',
        'model:',
        '  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained',
        '  pretrained_model_name_or_path: MODEL',
        'dataset:',
        '  _target_: nemo_automodel.components.datasets.llm.chat_dataset.ChatDataset',
        '  path_or_dataset_id: nemo-automodel/train.jsonl',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings(planned) {
    const found = wholeWarnings(planned, 'NeMo Automodel');
    if (planned.template?.marksAnswers !== true)
      found.push('Without a chat template that marks answers ({% generation %}), NeMo Automodel finds them by lengths of prompts, or not.');
    return found;
  },
  // Its reader keeps rows as they are, and tools that are no list are dropped.
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const record = wholeRecord(unit, planned, options, tally, { calls: callSpelling(planned, options), reasoning: 'member' });
    return record === null ? [] : [{ messages: record.messages, ...(record.tools === null ? {} : { tools: record.tools }) }];
  }),
};
