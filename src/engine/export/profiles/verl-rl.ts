/** Prompts for reinforcement learning with verl: one row per task, up to its first answer. */
import type { MessageOut } from '../../../core/export/message-record.ts';
import { parquetRows, prepareParquet, type ParquetSchema } from '../parquet.ts';
import type { ExportProfile } from '../profile.ts';
import type { TaskUnit } from '../units.ts';
import { commonWarnings } from '../warnings.ts';

const text = (name: string): ParquetSchema[number] => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' });

const SCHEMA: ParquetSchema = [
  { name: 'root', num_children: 5 },
  text('data_source'),
  { name: 'prompt', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'REQUIRED', num_children: 2 },
  text('role'),
  text('content'),
  text('ability'),
  { name: 'reward_model', repetition_type: 'REQUIRED', num_children: 2 },
  text('style'),
  text('ground_truth'),
  { name: 'extra_info', repetition_type: 'REQUIRED', num_children: 2 },
  text('index'),
  text('split'),
];

export const verlRl: ExportProfile = {
  id: 'verl-rl',
  label: 'verl RL',
  family: 'verl',
  about: 'The prompt of each task that trains, for reinforcement learning with verl',
  specification: 'https://verl.readthedocs.io/en/latest/preparation/prepare_data.html',
  fileName: 'verl-rl/train.parquet',
  mediaType: 'application/vnd.apache.parquet',
  kind: 'parquet',
  unit: 'task',
  takesRecords: true,
  needs: ['messages'],
  options: [
    { name: 'ability', label: 'Ability', help: 'verl’s field of that name', type: 'text', default: 'agent' },
    { name: 'style', label: 'Reward style', help: 'reward_model.style: who gives the reward', type: 'text', default: 'rule' },
  ],
  byDefault: false,
  count: () => null,
  warnings: (planned) => [...commonWarnings(planned), 'Logs hold no ground truth: reward_model.ground_truth is empty.'],
  prepare: prepareParquet,
  writer: parquetRows(
    () => SCHEMA,
    ({ task, records: [first] }: TaskUnit, planned, { ability, style }, tally) => {
      if (!first?.said) return null;
      const messages = first.said.messages('train-once');
      const prompt = messages.slice(0, lengthOfPrompt(messages));
      if (prompt.length === 0) {
        tally.add('tasks that begin with an answer, left out');
        return null;
      }
      tally.add('messages whose images are JSON text', prompt.filter(({ content }) => typeof content !== 'string').length);
      tally.add('messages whose text the log does not hold', prompt.filter(({ text_missing: isMissing }) => isMissing === true).length);
      if (first.said.rollout.tools !== undefined) tally.add('tasks whose tool definitions are left out');
      const { key } = planned.ruling.dataset.tokens.tasks[task] ?? { key: '' };
      return [
        {
          data_source: first.origin.source.name,
          prompt: prompt.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : JSON.stringify(content) })),
          ability,
          reward_model: { style, ground_truth: '' },
          extra_info: { index: key, split: planned.splits[task] },
        },
      ];
    },
  ),
};

/** Messages before the first answer. */
function lengthOfPrompt(messages: readonly MessageOut[]): number {
  const end = messages.findIndex(({ role }) => role === 'assistant');
  return end < 0 ? messages.length : end;
}
