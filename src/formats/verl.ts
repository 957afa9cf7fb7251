/**
 * verl rollout and validation dumps: `<global step>.jsonl` with `{"input", "output", "gts"?, "score", "step", …}` per
 * line, decoded without special tokens (`_dump_generations` of the trainer). No ids, log-probs or loss mask; the task is
 * the prompt, because the group's `uid` is not dumped. Numeric extra columns are reward components.
 */
import { accept, defined, positionId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { describe, get, getId, getNumber, getString, has, isObject } from './json.ts';
import { readReward, readRewardParts } from './messages.ts';
import { textRollout } from './text-rollout.ts';

const COLUMNS: ReadonlySet<string> = new Set(['input', 'output', 'gts', 'score', 'step', 'request_id', 'uid', 'data_source', 'pred']);

export const verl: Format = {
  id: 'verl',
  label: 'verl rollout dump',
  beats: ['prompt-completion'],
  detects: (record) =>
    isObject(record) &&
    typeof get(record, 'input') === 'string' &&
    typeof get(record, 'output') === 'string' &&
    has(record, 'score') &&
    (has(record, 'step') || has(record, 'gts')),
  decode(record, context) {
    const input = getString(record, 'input');
    const output = getString(record, 'output');
    if (!isObject(record) || input === undefined || output === undefined)
      return [refuseShape('an object with input and output as text', record, 'input', 'output')];
    if (input === '' && output === '') return [refuse('empty', 'text in input or output', 'two empty texts')];
    const notes: Complaint[] = [];
    const score = get(record, 'score');
    const reward = readReward(score);
    if (reward === undefined && score !== null) notes.push({ code: 'reward', expected: 'a number at score', found: describe(score) });
    const extra = Object.fromEntries(
      Object.keys(record)
        .filter((key) => !COLUMNS.has(key))
        .map((key) => [key, getNumber(record, key) ?? get(record, key)]),
    );
    const fields = {
      id: getId(record, 'request_id') ?? positionId(context),
      reward: reward?.reward ?? null,
      ...defined({ rewardParts: readRewardParts(extra), policy: getId(record, 'step') }),
    };
    return [accept(singleRollout(fields, textRollout(input, output, notes)), notes)];
  },
};
