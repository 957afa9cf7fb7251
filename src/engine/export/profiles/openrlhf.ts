/** Conversations for the SFT of OpenRLHF: whole records, or a row for each answer that trains. */
import { jsonRows } from '../json-rows.ts';
import { markedMessages } from '../marked-messages.ts';
import type { ExportProfile } from '../profile.ts';
import { mayTrainWhole, promptedRuns, UNTRAINED_OPTION } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf } from '../spelling.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings, wholeWarnings } from '../whole-mark-warnings.ts';

export const openrlhf: ExportProfile = {
  id: 'openrlhf',
  label: 'OpenRLHF SFT',
  family: 'OpenRLHF',
  about: 'messages, all of whose answers train, or with rows=turn what stands before an answer and that answer, for the SFT of OpenRLHF',
  specification: 'https://openrlhf.readthedocs.io/en/latest/non_rl.html',
  fileName: 'openrlhf/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [
    {
      name: 'rows',
      label: 'Rows',
      help: 'records, all of whose answers train, or input and output for each answer that trains (turn)',
      type: 'choice',
      values: ['record', 'turn'],
      default: 'record',
    },
    ARGUMENTS_OPTION,
    UNTRAINED_OPTION,
  ],
  byDefault: false,
  training: [
    {
      trainer: 'OpenRLHF',
      fileName: null,
      text: [
        '# with rows=turn: --data.input_key input --data.output_key output, and no --data.multiturn',
        'deepspeed --module openrlhf.cli.train_sft --model.model_name_or_path MODEL --data.dataset openrlhf \\',
        '  --data.input_key messages --data.multiturn --data.apply_chat_template --data.max_len 32768 --ckpt.output_dir out',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned, { rows }) => (rows === 'turn' ? wholeMarkWarnings(planned) : wholeWarnings(planned, 'OpenRLHF')),
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const marked = markedMessages(unit, planned, tally, { endsWithAnswer: true });
    if (marked === null) return [];
    if (toolsOf(unit, marked, tally) !== null) tally.add('records whose tool definitions are left out');
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    const messages = marked.map(({ said }) => spelled(said, how, tally));
    // Not prompt and completion: it names a column of its own prompt.
    if (options['rows'] === 'turn')
      return promptedRuns(marked, true, tally).map(({ prompt }) => ({
        input: messages.slice(0, prompt.length),
        output: [messages[prompt.length]],
      }));
    return mayTrainWhole(marked, options, tally) ? [{ messages }] : [];
  }),
};
