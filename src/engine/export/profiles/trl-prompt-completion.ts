/** Prompts and completions for TRL's SFTTrainer: exactly the marked answers train. */
import { markedMessages } from '../marked-messages.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';
import type { ExportProfile } from '../profile.ts';
import { jsonRows } from '../json-rows.ts';
import { promptedRuns } from '../runs.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf } from '../spelling.ts';
import { answerMarkWarnings } from '../template-warnings.ts';
import type { BranchUnit } from '../units.ts';

export const trlPromptCompletion: ExportProfile = {
  id: 'trl-prompt-completion',
  label: 'TRL prompt and completion',
  family: 'TRL',
  about: 'A row for each stretch of answers that train, with all before it as prompt, for TRL’s SFTTrainer',
  specification: 'https://huggingface.co/docs/trl/dataset_formats',
  fileName: 'trl-prompt-completion/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [
    {
      name: 'completion',
      label: 'Completion',
      help: 'answers up to the next that does not train (run), or one answer, which needs no template that marks answers (turn)',
      type: 'choice',
      values: ['run', 'turn'],
      default: 'run',
    },
    ARGUMENTS_OPTION,
  ],
  byDefault: false,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train.py',
      text: [
        'from datasets import load_dataset',
        'from trl import SFTConfig, SFTTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-prompt-completion/train.jsonl", split="train")',
        '# Rows of completion=turn do without assistant_only_loss.',
        'settings = SFTConfig(output_dir="out", max_length=None, assistant_only_loss=True)',
        'SFTTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned, { completion }) => [...wholeMarkWarnings(planned), ...(completion === 'turn' ? [] : answerMarkWarnings(planned))],
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const marked = markedMessages(unit, planned, tally);
    if (marked === null) return [];
    const tools = toolsOf(unit, marked, tally);
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    const messages = marked.map(({ said }) => spelled(said, how, tally));
    return promptedRuns(marked, options['completion'] === 'turn', tally).map(({ prompt, completion }) => ({
      prompt: messages.slice(0, prompt.length),
      completion: messages.slice(prompt.length, prompt.length + completion.length),
      ...(tools === null ? {} : { tools: JSON.stringify(tools) }),
    }));
  }),
};
