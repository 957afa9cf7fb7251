/** Conversations for axolotl's chat_template strategy, with `train` on each message and `train_detail` where a part of it trains. */
import { AXOLOTL_SETTINGS } from '../axolotl-settings.ts';
import { markedMessages, type MarkedMessage } from '../marked-messages.ts';
import { jsonLines, type ExportProfile } from '../profile.ts';
import { spelled, toolsOf } from '../spelling.ts';
import { trainedParts } from '../trained-parts.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';

export const axolotlChat: ExportProfile = {
  id: 'axolotl-chat',
  label: 'axolotl chat',
  family: 'axolotl',
  about: 'messages with train, and train_detail where a part of an answer trains, and tools, for axolotl',
  specification: 'https://docs.axolotl.ai/docs/dataset-formats/conversation.html',
  fileName: 'axolotl-chat/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'axolotl',
      fileName: 'axolotl.yaml',
      text: [
        'base_model: MODEL',
        'chat_template: tokenizer_default',
        'datasets:',
        '  - path: axolotl-chat/train.jsonl',
        '    ds_type: json',
        '    type: chat_template',
        '    field_messages: messages',
        '    message_field_training: train',
        '    message_field_training_detail: train_detail',
        '    roles_to_train: []',
        '    train_on_eos: turn',
        ...AXOLOTL_SETTINGS,
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: wholeMarkWarnings,
  writer: jsonLines((unit: BranchUnit, planned, _options, tally) => {
    const row = unit.row('train-once');
    const marked = markedMessages(unit, planned, tally, {
      partsOf: (message) => row && trainedParts(message, row, planned.tokenizer),
    });
    if (marked === null) return null;
    const tools = toolsOf(unit, marked, tally);
    return {
      // axolotl reads arguments from their text.
      messages: marked.map((message) => ({
        ...spelled(message.said, { calls: 'json', reasoning: 'member', images: 'left-out' }, tally),
        ...marksOf(message),
      })),
      ...(tools === null ? {} : { tools: tools.map(withParametersAsText) }),
    };
  }),
};

/** Its offsets are of characters, and the last one is inside. */
function marksOf({ trains, parts }: MarkedMessage): object {
  if (parts === undefined) return { train: trains };
  return { train: true, train_detail: parts.map(({ start, end }) => ({ begin_offset: start, end_offset: end - 1, train: true })) };
}

/** axolotl reads parameters from their text, which no loader fills with the parameters of other tools. */
function withParametersAsText(tool: object): object {
  const own = 'function' in tool && typeof tool.function === 'object' ? tool.function : null;
  return own !== null && 'parameters' in own ? { ...tool, function: { ...own, parameters: JSON.stringify(own.parameters) } } : tool;
}
