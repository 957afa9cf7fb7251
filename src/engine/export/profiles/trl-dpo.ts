/** Preferences for TRL's DPOTrainer: two continuations of one prompt whose rollouts have different rewards. */
import type { MessageOut } from '../../../core/export/message-record.ts';
import { rewardPairs, type Rewarded } from '../pairs.ts';
import type { ExportProfile } from '../profile.ts';
import { jsonRows } from '../json-rows.ts';
import { ARGUMENTS_OPTION, callSpelling, spelled, toolsOf, type ChatMessage } from '../spelling.ts';
import type { Tally } from '../tally.ts';
import type { BranchUnit, TaskUnit } from '../units.ts';
import { messageWarnings } from '../whole-mark-warnings.ts';

export const trlDpo: ExportProfile = {
  id: 'trl-dpo',
  label: 'TRL DPO',
  family: 'TRL',
  about: 'prompt, chosen and rejected, from branches of a task that part at an answer and differ in reward, for TRL’s DPOTrainer',
  specification: 'https://huggingface.co/docs/trl/dpo_trainer',
  fileName: 'trl-dpo/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  needs: ['messages'],
  options: [
    { name: 'pairs', label: 'Pairs of a fork', help: 'at most', type: 'number', min: 1, max: 1000, whole: true, default: 1 },
    { name: 'gap', label: 'Least gap', help: 'of the two rewards', type: 'number', min: 0, max: 1e9, whole: false, default: 0 },
    {
      name: 'sides',
      label: 'Sides',
      help: 'all from the first different answer on (rest), or that answer alone (turn)',
      type: 'choice',
      values: ['rest', 'turn'],
      default: 'rest',
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
        'from trl import DPOConfig, DPOTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-dpo/train.jsonl", split="train")',
        'settings = DPOConfig(output_dir="out", max_length=None)',
        'DPOTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => [...messageWarnings(planned), 'Preferences know neither weights nor which answers carry loss.'],
  writer: jsonRows(({ records }: TaskUnit, planned, options, tally) => {
    const rewarded = records.flatMap((record) => rewardedRecord(record, tally));
    return rewardPairs(rewarded, Number(options['pairs']), Number(options['gap']), tally).flatMap(({ shared, chosen, rejected }) => {
      if (shared === 0) {
        tally.add('pairs without a prompt, left out');
        return [];
      }
      const ends = [chosen, rejected].map(({ messages }) => (options['sides'] === 'turn' ? shared + 1 : messages.length));
      if ([chosen, rejected].some(({ messages }, i) => messages.slice(shared, ends[i]).some(({ truncated }) => truncated === true))) {
        tally.add('pairs with an answer that the log cuts off, left out');
        return [];
      }
      const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
      const list = (messages: readonly MessageOut[]): ChatMessage[] => messages.map((message) => spelled(message, how, tally));
      const sides = [chosen, rejected].map(({ messages }, i) => messages.slice(shared, ends[i]));
      tally.add(
        'messages of others in chosen and rejected, which DPO trains too',
        sides.flat().filter(({ role }) => role !== 'assistant').length,
      );
      const tools = toolsOf(
        chosen.unit,
        chosen.messages.map((said) => ({ said })),
        tally,
      );
      return [
        {
          prompt: list(chosen.messages.slice(0, shared)),
          chosen: list(sides[0] ?? []),
          rejected: list(sides[1] ?? []),
          ...(tools === null ? {} : { tools: JSON.stringify(tools) }),
        },
      ];
    });
  }),
};

/** Up to its last whole answer. */
function rewardedRecord(unit: BranchUnit, tally: Tally): Rewarded[] {
  const { reward } = unit;
  if (reward === null) {
    tally.add('records without a reward, left out');
    return [];
  }
  if (unit.isPart) {
    tally.add('windows of longer records, which agree with others by chance, left out');
    return [];
  }
  const messages = unit.said?.messages('train-once') ?? [];
  const end = messages.findLastIndex(({ role, truncated, tokens }) => role === 'assistant' && truncated !== true && tokens.sampled > 0) + 1;
  return end === 0 ? [] : [{ messages: messages.slice(0, end), reward, unit }];
}
