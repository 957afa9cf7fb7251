/**
 * Records with a prompt and what the model made of it: TRL (`prompt`, `completion` as text or messages; GRPO completion
 * logs), preference pairs (`prompt`, `chosen`, `rejected`), Alpaca (`instruction`, `input`, `output`) and SkyRL
 * evaluation dumps (`input_prompt`, `output_response`); also as rows of the tables that trainers log to Weights & Biases (`columns`
 * and `data`). Everything in the prompt is context, assistant turns included.
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { accept, positionId, readEnvelope, readTaskId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getList, getString, has, isList, isObject } from './json.ts';
import { looksLikeMessages, readReward, readRewardParts } from './messages.ts';
import type { MessagesRead } from './messages.ts';
import { readPair, readSide } from './pair.ts';
import { roleOf } from './roles.ts';

/** prompt key, completion key; the first pair that a record has is used. */
const PAIRS = [
  ['prompt', 'completion'],
  ['prompt', 'response'],
  ['prompt', 'output'],
  ['input_prompt', 'output_response'],
  ['query', 'response'],
  ['question', 'response'],
  ['instruction', 'output'],
  ['input', 'output'],
] as const;

function pairOf(record: unknown): readonly [string, string] | undefined {
  return isAsked(record)
    ? ['messages', 'response']
    : PAIRS.find(([prompt, completion]) => isSide(get(record, prompt)) && isSide(get(record, completion)));
}

/** Messages that wait for an answer, which stands beside them as a text. */
function isAsked(record: unknown): boolean {
  const messages = get(record, 'messages');
  if (!looksLikeMessages(messages) || (getString(record, 'response') ?? '') === '') return false;
  const role = roleOf(get(messages.at(-1), 'role'));
  return role === 'user' || role === 'tool';
}

/** A complaint that says what stands at the keys of the first pair that a record has. */
function refusePair(record: unknown): Decoded {
  const keys = PAIRS.find((pair) => pair.every((key) => get(record, key) !== undefined));
  const expected = 'an object with a prompt and a completion, each text or messages';
  return keys === undefined ? refuseShape(expected, record) : refuseShape(expected, record, keys[0], keys[1]);
}

function isSide(value: unknown): boolean {
  return typeof value === 'string' || looksLikeMessages(value) || (Array.isArray(value) && value.length === 0);
}

function isPreference(record: unknown): boolean {
  return isObject(record) && isSide(get(record, 'chosen')) && isSide(get(record, 'rejected'));
}

function alpacaPrompt(record: unknown): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  const system = getString(record, 'system');
  if (system) events.push({ role: 'system', sampled: false, parts: [{ kind: 'system', text: system }] });
  for (const turn of getList(record, 'history') ?? []) {
    if (!Array.isArray(turn) || typeof turn[0] !== 'string' || typeof turn[1] !== 'string') continue;
    events.push({ role: 'user', sampled: false, parts: [{ kind: 'user', text: turn[0] }] });
    events.push({ role: 'assistant', sampled: false, parts: [{ kind: 'text', text: turn[1] }] });
  }
  const instruction = getString(record, 'instruction') ?? '';
  const input = getString(record, 'input') ?? '';
  const text = input === '' ? instruction : `${instruction}\n${input}`;
  events.push({ role: 'user', sampled: false, parts: [{ kind: 'user', text }] });
  return events;
}

/** One rollout for each side of a preference pair. What precedes the last answer is its prompt. */
function decodePreference(record: unknown, context: RecordContext): readonly Decoded[] {
  return ['chosen', 'rejected'].map((side): Decoded => {
    const notes: Complaint[] = [{ code: 'preference', expected: 'a reward', found: 'a preference: chosen counts 1, rejected 0' }];
    const value = get(record, side);
    const prompt = get(record, 'prompt');
    const read = prompt === undefined ? readSide(value, side, true, notes) : readPair(prompt, value, notes);
    if (!read.ok) return { ok: false, complaint: read.complaint };
    const answer = read.events.findLastIndex((event) => event.role === 'assistant');
    const events =
      prompt === undefined ? read.events.map((event, index) => (index === answer ? event : { ...event, sampled: false })) : read.events;
    const fields = readEnvelope(record, context);
    const reward = side === 'chosen' ? 1 : 0;
    return accept(singleRollout({ ...fields, id: `${fields.id}/${side}`, reward, status: side }, events, readTaskId(record)), notes);
  });
}

type Fields = ReturnType<typeof readEnvelope>;

const NOT_REWARDS: ReadonlySet<string> = new Set(['step', 'advantage', 'reward', 'prompt', 'completion']);

/**
 * Rewards of a TRL completion log: a column for each reward function, under the function's name; their sum, since the log
 * has no weights. Where names say which columns they are, others are extras that a trainer logged beside them.
 */
function withColumnRewards(fields: Fields, record: unknown): Fields {
  if (!isObject(record) || !has(record, 'step') || !has(record, 'advantage')) return fields;
  const keys = Object.keys(record).filter((key) => !NOT_REWARDS.has(key));
  const named = keys.filter((key) => /reward/i.test(key));
  const parts = readRewardParts(Object.fromEntries((named.length > 0 ? named : keys).map((key) => [key, record[key]])));
  return parts === undefined
    ? fields
    : { ...fields, rewardParts: parts, reward: fields.reward ?? readReward(Object.values(parts))?.reward ?? null };
}

export const promptCompletion: Format = {
  id: 'prompt-completion',
  label: 'Prompt and completion',
  beats: ['sharegpt', 'openai-reply', 'chat'],
  detects(logged, context) {
    const record = rowOf(logged, context);
    return pairOf(record) !== undefined || isPreference(record);
  },
  decode(logged, context) {
    const record = rowOf(logged, context);
    const decoded = decodeRow(record, context);
    return record === logged ? decoded : decoded.map((entry) => (entry.ok ? { ...entry, fields: record } : entry));
  },
};

/** A row of a table as an object of its columns; any other record as it is. */
function rowOf(record: unknown, { document }: RecordContext): unknown {
  const columns = isList(record) ? getList(document, 'columns') : undefined;
  if (!isList(record) || columns?.length !== record.length || !columns.every((name) => typeof name === 'string')) return record;
  return Object.fromEntries(columns.map((name, i) => [name, record[i]]));
}

function decodeRow(record: unknown, context: RecordContext): readonly Decoded[] {
  if (isPreference(record)) return decodePreference(record, context);
  const pair = pairOf(record);
  if (!pair) return [refusePair(record)];
  const [promptKey, completionKey] = pair;
  const notes: Complaint[] = [];
  let read: MessagesRead;
  if (promptKey === 'instruction') {
    const after = readSide(get(record, completionKey), 'output', true, notes);
    read = after.ok ? { ok: true, events: alpacaPrompt(record).concat(after.events) } : after;
  } else read = readPair(get(record, promptKey), get(record, completionKey), notes);
  if (!read.ok) return [{ ok: false, complaint: read.complaint }];
  if (read.events.length === 0)
    return [
      refuse(
        'empty',
        'a prompt or a completion with content',
        `${describe(get(record, promptKey))} and ${describe(get(record, completionKey))} in ${positionId(context)}`,
      ),
    ];
  return [accept(singleRollout(withColumnRewards(readEnvelope(record, context), record), read.events, readTaskId(record)), notes)];
}
