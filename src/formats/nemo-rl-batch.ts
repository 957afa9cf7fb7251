/**
 * Batches of NeMo-RL, `train_data_step<n>.jsonl`: a padded sequence a line, with its mask and what generator and trainer make of its
 * tokens. `val_data_step<n>.jsonl` has messages instead.
 * https://github.com/NVIDIA-NeMo/RL/blob/main/nemo_rl/algorithms/grpo.py
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { ADVANTAGES } from '../core/tokens/plausible.ts';
import { columnNow, isColumn } from './columns.ts';
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getList, getNumber, isList, isObject } from './json.ts';
import { eventsFromIds } from './masked-ids.ts';
import { looksLikeMessages, readMessages, readReward } from './messages.ts';
import { commonValue, idsFound, maskFound, readColumn, readIds, readMask } from './per-token.ts';
import { promptKey, promptLabel } from './task-key.ts';
import { textRollout } from './text-rollout.ts';
import { rememberTrainer } from './trainer-logprobs.ts';

export const nemoRlBatch: Format = {
  id: 'nemo-rl-batch',
  label: 'NeMo-RL batches',
  beats: ['chat'],
  detects: (record) =>
    isObject(record) &&
    getList(record, 'content') !== undefined &&
    Object.hasOwn(record, 'rewards') &&
    (getNumber(record, 'idx') !== undefined || getNumber(record, 'input_lengths') !== undefined),
  columns: {
    token_ids: 'read',
    token_loss_mask: 'read',
    advantages: 'read',
    generation_logprobs: 'read',
    prev_logprobs: 'later',
  },
  decode: (record, context) => [
    looksLikeMessages(get(record, 'content')) ? decodeMessages(record, context) : decodeSequence(record, context),
  ],
};

function decodeMessages(record: unknown, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const read = readMessages(get(record, 'content'), { name: 'content', notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  return accept(singleRollout({ id: positionId(context), reward: readReward(get(record, 'rewards'))?.reward ?? null }, read.events), notes);
}

function decodeSequence(record: unknown, context: RecordContext): Decoded {
  const logged = get(record, 'token_ids');
  if (logged === undefined || logged === null)
    return refuse(
      'token-ids',
      'token_ids and token_loss_mask, which NeMo-RL writes since they say who wrote what',
      'neither: texts and log-probs without them are no rollout',
    );
  const padded = readIds(logged);
  if (padded === null) return refuse('token-ids', 'a list of token ids at token_ids', idsFound(logged));
  const told = get(record, 'input_lengths');
  const length = getNumber(record, 'input_lengths') ?? padded.length;
  if ((told !== undefined && told !== length) || !Number.isInteger(length) || length < 1 || length > padded.length)
    return refuse(
      'token-ids',
      `a length from 1 to ${padded.length} at input_lengths`,
      typeof told === 'number' ? String(told) : describe(told),
    );
  const wholeMask = get(record, 'token_loss_mask');
  const mask = readMask(cut(wholeMask, length), length);
  if (mask === null) return refuse('loss-mask', `${length} numbers or more at token_loss_mask`, maskFound(wholeMask));
  const notes: Complaint[] = [];
  const column = (key: string, to: Complaint[]): Float64Array | undefined => {
    const values = columnNow(get(record, key));
    // One advantage of the whole sequence stands for each token of it.
    const each = typeof values === 'number' ? new Float64Array(length).fill(values) : values;
    return readColumn(cut(each, length), mask, key, to);
  };
  const advantages = column('advantages', notes);
  const columns = { logprobs: column('generation_logprobs', notes), advantages };
  const events = withTexts(eventsFromIds(padded.slice(0, length), mask, textsOf(record), defined(columns)), record);
  if (get(record, 'prev_logprobs') !== undefined) rememberTrainer(events, () => column('prev_logprobs', []));
  const prompt = mask.indexOf(1);
  return accept(
    {
      id: positionId(context),
      task: promptKey(events),
      taskLabel: promptLabel(events) || `prompt of ${prompt < 0 ? length : prompt} tokens`,
      reward: readReward(get(record, 'rewards'))?.reward ?? null,
      ...defined({ advantage: commonValue([advantages], ADVANTAGES) }),
      branches: [{ events }],
    },
    notes,
  );
}

/** Rows are padded to the longest of their batch. What is shorter stays, to be named as it is. */
function cut(value: unknown, length: number): unknown {
  return (isList(value) || isColumn(value)) && value.length > length ? value.slice(0, length) : value;
}

/** The messages as texts, with the marks of their template: read where they show turns. */
function textsOf(record: unknown): readonly RolloutEvent[] {
  const texts = getList(record, 'content') ?? [];
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) return [];
  return textRollout(texts[0] ?? '', texts.slice(1).join(''), []);
}

/** Where ids show no messages and there is a text for each run of the mask, it is that run's. */
function withTexts(events: readonly RolloutEvent[], record: unknown): readonly RolloutEvent[] {
  const texts = getList(record, 'content') ?? [];
  if (texts.length !== events.length || events.some(({ parts }) => parts.length > 0)) return events;
  return events.map((event, i) => {
    const text = texts[i];
    return typeof text !== 'string' || text === '' ? event : { ...event, parts: [{ kind: event.sampled ? 'text' : 'user', text }] };
  });
}
