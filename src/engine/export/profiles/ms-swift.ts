/** Conversations for ms-swift in its own roles, with loss or loss_scale on each answer. */
import { jsonRows } from '../json-rows.ts';
import { markedMessages, type MarkedMessage } from '../marked-messages.ts';
import type { ExportProfile } from '../profile.ts';
import { argumentsOf, spelled, toolsOf } from '../spelling.ts';
import type { Tally } from '../tally.ts';
import { upToFault, type TurnFault } from '../turn-faults.ts';
import type { BranchUnit } from '../units.ts';
import { messageWarnings, wholeMarkWarnings } from '../whole-mark-warnings.ts';

export const msSwift: ExportProfile = {
  id: 'ms-swift',
  label: 'ms-swift',
  family: 'ms-swift',
  about: 'messages with loss, or with loss_scale by the weights of the export, and tools, for ms-swift',
  specification: 'https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html',
  fileName: 'ms-swift/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  saysWeights: ({ marks }) => marks === 'loss_scale',
  options: [
    {
      name: 'marks',
      label: 'Marks',
      help: 'loss, true or false by train-once, or loss_scale by the weights of the export, with --is_binary_loss_scale false',
      type: 'choice',
      values: ['loss', 'loss_scale'],
      default: 'loss',
    },
  ],
  byDefault: false,
  training: [
    {
      trainer: 'ms-swift',
      fileName: null,
      text: [
        '# with marks=loss_scale: --is_binary_loss_scale false',
        'swift sft --model MODEL --dataset ms-swift/train.jsonl --max_length 32768 --output_dir out',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned, { marks }) => (marks === 'loss' ? wholeMarkWarnings(planned) : messageWarnings(planned)),
  writer: jsonRows(
    (unit: BranchUnit, planned, { marks }, tally) => {
      const all = markedMessages(unit, planned, tally, {
        convention: marks === 'loss' ? 'train-once' : planned.spec.weights,
        endsWithAnswer: true,
      });
      const marked = all && upToFault(all, faultOf(all), tally);
      if (marked === null) return [];
      const tools = toolsOf(unit, marked, tally);
      const messages = marked.flatMap((message) => ownMessages(message, marks === 'loss_scale', tally));
      return [{ messages, ...(tools === null ? {} : { tools: JSON.stringify(tools) }) }];
    },
    { messages: { loss_scale: 'float' } },
  ),
};

/** It reads no members but these, takes thoughts in the content, and calls as messages of their own. */
function ownMessages({ said, trains }: MarkedMessage, hasScale: boolean, tally: Tally): object[] {
  const { role, content } = spelled({ ...said, tool_calls: [] }, { calls: 'json', reasoning: 'content', images: 'left-out' }, tally);
  if (role !== 'assistant') return [{ role: role === 'tool' ? 'tool_response' : role, content }];
  const marks = { loss: trains, ...(hasScale ? { loss_scale: said.weight } : {}) };
  const calls = (said.tool_calls ?? []).map(({ function: called }) => ({
    role: 'tool_call',
    content: `{"name": ${JSON.stringify(called.name)}, "arguments": ${argumentsOf(called.arguments, tally).text}}`,
    ...marks,
  }));
  return content === '' && calls.length > 0 ? calls : [{ role, content, ...marks }, ...calls];
}

/** Where it would drop the record or fail on it (`_swift_encode`: questions and answers take turns). */
function faultOf(messages: readonly MarkedMessage[]): TurnFault | null {
  let before = 'system';
  for (const [at, { said }] of messages.entries()) {
    const { role } = said;
    if (role === 'system' && at > 0) return { at, what: 'a system message stands further down' };
    if (role === 'user' && before === 'tool') return { at, what: 'a user follows a result' };
    if (role === 'tool' && before !== 'assistant' && before !== 'tool') return { at, what: 'a result stands that no call asked for' };
    before = role;
  }
  return null;
}
