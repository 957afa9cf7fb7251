/** Records that no format detects: where their fields are, written down by a person or proposed from the records' shape. */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { upgrade, type VersionedFile } from '../core/model/versions.ts';
import { accept, defined, noteTools, positionId, readEnvelope, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format } from './format.ts';
import { describe, getId, has, isList, isObject, parseJson, toJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { looksLikeMessages, openedMessages, readMessages, readReward, readTime } from './messages.ts';
import type { MessagesRead } from './messages.ts';
import { readPair } from './pair.ts';
import { textRollout } from './text-rollout.ts';
import { normalTools } from './tools.ts';

/**
 * Where a record's fields are, as paths: keys joined by dots, list positions in brackets, keys with dots or brackets
 * quoted, for example `result.turns[0]["in.text"]`. The conversation is `messages`, or `prompt` with `completion`, or
 * `text` (a rendered chat template, or plain text that counts as sampled as a whole).
 */
export interface MappingFile {
  readonly version: 1;
  readonly messages?: string;
  readonly text?: string;
  readonly prompt?: string;
  readonly completion?: string;
  readonly task?: string;
  readonly id?: string;
  readonly reward?: string;
  readonly tools?: string;
  /** Right or wrong, in a word or as true and false: the reward of records that have none at `reward`. */
  readonly verdict?: string;
  /** Why it ended. */
  readonly status?: string;
  /** Version of the policy that sampled it. */
  readonly policy?: string;
  /** When it began. */
  readonly time?: string;
  /** Columns of the table of rollouts, by the names that they get: numbers, words, true and false. */
  readonly columns?: Readonly<Record<string, string>>;
}

const FIELDS = [
  'messages',
  'text',
  'prompt',
  'completion',
  'task',
  'id',
  'reward',
  'tools',
  'verdict',
  'status',
  'policy',
  'time',
] as const;
type Field = (typeof FIELDS)[number];
const ALL: readonly string[] = [...FIELDS, 'columns'];

/**
 * docs/formats/mapping.md; a file from version 2 on has a checksum (`engine/mapping-file.ts`). Version 3 adds members, which one that
 * is written by hand may have too.
 */
export const MAPPING_FILE: VersionedFile<JsonObject> = { name: 'mapping file', steps: [(mapping) => mapping, (mapping) => mapping] };

export type MappingRead = { readonly ok: true; readonly mapping: MappingFile } | { readonly ok: false; readonly reason: string };

type Path = readonly (string | number)[];

const STEP = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** A path's steps, or null where the text is no path. The empty path is the record itself. */
export function parsePath(text: string): Path | null {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return null;
    const [, key, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (key !== undefined) steps.push(key);
    else if (quoted !== undefined) {
      const parsed = parseJson(`"${quoted}"`);
      if (!parsed.ok || typeof parsed.value !== 'string') return null;
      steps.push(parsed.value);
    }
  }
  return steps;
}

/** The value at a path; undefined where the record has none. */
export function valueAt(record: unknown, path: Path): unknown {
  let value = record;
  for (const step of path) {
    if (typeof step === 'number') value = isList(value) ? value[step] : undefined;
    else value = isObject(value) && has(value, step) ? value[step] : undefined;
  }
  return value;
}

function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[^.[\]"]+$/.test(step) ? `${index === 0 ? '' : '.'}${step}` : `[${toJson(step) ?? '""'}]`;
    })
    .join('');
}

/** Checks a mapping file's JSON. A reason says what was expected and what was found. */
export function readMapping(value: unknown): MappingRead {
  if (!isObject(value)) return { ok: false, reason: `A mapping is an object with version 1; found ${describe(value)}.` };
  if (typeof value['version'] !== 'number')
    return { ok: false, reason: `A mapping has "version": 1; found ${describe(value['version'])}.` };
  const upgraded = upgrade(MAPPING_FILE, value['version'], value);
  if (!upgraded.ok) return upgraded;
  const fields = upgraded.record;
  for (const key of Object.keys(fields)) {
    // A checksum is of the file's text, and held against it where that is read.
    if (key === 'version' || key === 'sha256') continue;
    if (!ALL.includes(key)) return { ok: false, reason: `A mapping has the fields ${ALL.join(', ')}; found ${key}.` };
    if (key === 'columns') {
      const fault = columnsFault(fields[key]);
      if (fault !== null) return { ok: false, reason: fault };
      continue;
    }
    const path = fields[key];
    if (typeof path !== 'string' || parsePath(path) === null)
      return { ok: false, reason: `${key} is a path such as result.turns[0].text; found ${describe(path)}.` };
  }
  const text = (field: Field): string | undefined => {
    const path = has(fields, field) ? fields[field] : undefined;
    return typeof path === 'string' ? path : undefined;
  };
  const columns = pathsOf(fields['columns']);
  const mapping: MappingFile = { version: 1, ...defined({ ...Object.fromEntries(FIELDS.map((field) => [field, text(field)])), columns }) };
  const { messages, completion, text: whole, prompt } = mapping;
  if (messages === undefined && completion === undefined && whole === undefined)
    return { ok: false, reason: 'A mapping says where the conversation is: messages, text, or prompt and completion.' };
  if (prompt !== undefined && completion === undefined) return { ok: false, reason: 'A mapping with prompt also has completion.' };
  return { ok: true, mapping };
}

function columnsFault(value: unknown): string | null {
  if (!isObject(value)) return `columns are an object of names and paths; found ${describe(value)}.`;
  for (const name of Object.keys(value)) {
    const path = value[name];
    if (name === '' || typeof path !== 'string' || parsePath(path) === null)
      return `columns.${name} is a path such as result.turns[0].text; found ${describe(path)}.`;
  }
  return null;
}

function pathsOf(columns: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(columns)) return undefined;
  return Object.fromEntries(Object.entries(columns).flatMap(([name, path]) => (typeof path === 'string' ? [[name, path]] : [])));
}

/** Words for right and wrong, besides those that any reward may be. */
const VERDICTS: Readonly<Record<string, number>> = {
  pass: 1,
  passed: 1,
  success: 1,
  succeeded: 1,
  correct: 1,
  resolved: 1,
  solved: 1,
  yes: 1,
  right: 1,
  fail: 0,
  failed: 0,
  failure: 0,
  incorrect: 0,
  unresolved: 0,
  unsolved: 0,
  no: 0,
  wrong: 0,
};

function verdictOf(value: unknown): number | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return Object.hasOwn(VERDICTS, word) ? (VERDICTS[word] ?? null) : (readReward(value)?.reward ?? null);
}

/** A format that reads records by a mapping. Throws for a path that `readMapping` would refuse. */
export function formatFromMapping(mapping: MappingFile): Format {
  const paths = new Map<Field, Path>();
  for (const field of FIELDS) {
    const text = mapping[field];
    if (text === undefined) continue;
    const path = parsePath(text);
    if (path === null) throw new Error(`${field} is not a path: ${text}`);
    paths.set(field, path);
  }
  const pick = (record: unknown, field: Field): unknown => {
    const path = paths.get(field);
    return path === undefined ? undefined : openedMessages(valueAt(record, path));
  };
  const columns = Object.entries(mapping.columns ?? {}).flatMap(([name, text]) => {
    const path = parsePath(text);
    return path === null ? [] : [[name, path] as const];
  });
  /** A reward at `reward`, else a verdict; nothing where neither is mapped: then the record's usual names count. */
  const rewardOf = (record: unknown): { readonly reward?: number | null } => {
    if (!paths.has('reward') && !paths.has('verdict')) return {};
    const told = paths.has('reward') ? readReward(pick(record, 'reward'))?.reward : undefined;
    return { reward: told ?? (paths.has('verdict') ? verdictOf(pick(record, 'verdict')) : null) };
  };
  const conversation = (record: unknown, notes: Complaint[]): MessagesRead => {
    if (paths.has('messages')) return readMessages(pick(record, 'messages'), { name: mapping.messages ?? 'messages', notes });
    if (paths.has('completion')) return readPair(paths.has('prompt') ? pick(record, 'prompt') : '', pick(record, 'completion'), notes);
    const text = pick(record, 'text');
    if (typeof text !== 'string')
      return { ok: false, complaint: { code: 'mapping', expected: `text at ${mapping.text ?? ''}`, found: describe(text) } };
    return { ok: true, events: textRollout('', text, notes) };
  };
  return {
    id: 'mapping',
    label: 'Mapped fields',
    detects: (record) => conversation(record, []).ok,
    decode(record, context): readonly Decoded[] {
      const notes: Complaint[] = [];
      const read = conversation(record, notes);
      if (!read.ok) return [{ ok: false, complaint: read.complaint }];
      const events: readonly RolloutEvent[] = read.events;
      if (events.length === 0) return [refuse('empty', 'a conversation at the mapped fields', 'none')];
      const envelope = readEnvelope(record, context);
      const tools = pick(record, 'tools');
      noteTools(tools, notes);
      const fields = {
        ...envelope,
        id: getId({ id: pick(record, 'id') }, 'id') ?? (paths.has('id') ? positionId(context) : envelope.id),
        ...rewardOf(record),
        ...defined({
          tools: normalTools(tools),
          status: getId({ status: pick(record, 'status') }, 'status'),
          policy: getId({ policy: pick(record, 'policy') }, 'policy'),
          startedAt: readTime(pick(record, 'time')),
        }),
      };
      const entry = accept(singleRollout(fields, events, getId({ task: pick(record, 'task') }, 'task')), notes);
      if (!entry.ok || columns.length === 0) return [entry];
      const named = Object.fromEntries(columns.map(([name, path]) => [name, valueAt(record, path)]));
      return [{ ...entry, fields: { ...named, ...(isObject(record) ? record : {}), ...named } }];
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Proposals

type Proposed = Exclude<Field, 'tools' | 'verdict' | 'status'>;

const NAMES: Readonly<Record<Proposed, RegExp>> = {
  messages: /messages|conversation|dialog|chat|turns|history|traj/i,
  prompt: /prompt|input|question|query|instruction|problem|request/i,
  completion: /completion|response|output|answer|generation|reply|prediction/i,
  text: /text|content|transcript|document/i,
  task: /task|instance|problem|question|example|prompt.?id|group/i,
  id: /^id$|rollout|traj|sample|uuid|session/i,
  reward: /reward|score|return|resolved|correct|success|pass/i,
  policy: /policy.?version|weight.?version|checkpoint|global.?step/i,
  time: /^(?:time|timestamp|created|created_at|started|started_at|start_time|date)$/i,
};

/** Records and values that a proposal looks at; depth below the record. */
const LOOK_AT = 24;
const DEPTH = 3;

interface Seen {
  readonly path: Path;
  readonly values: unknown[];
}

/** Every path of the first records to the depth that people nest to, with its values. */
function fieldsOf(records: readonly unknown[]): Map<string, Seen> {
  const fields = new Map<string, Seen>();
  for (const record of records.slice(0, LOOK_AT)) {
    let level: { path: Path; value: unknown }[] = [{ path: [], value: record }];
    for (let depth = 0; depth < DEPTH; depth++) {
      const next: { path: Path; value: unknown }[] = [];
      for (const { path, value } of level) {
        if (!isObject(value)) continue;
        for (const key of Object.keys(value).slice(0, 64)) next.push({ path: [...path, key], value: value[key] });
      }
      for (const { path, value } of next) {
        const name = pathText(path);
        const seen = fields.get(name);
        if (seen) seen.values.push(value);
        else fields.set(name, { path, values: [value] });
      }
      level = next;
    }
  }
  return fields;
}

/** 0..1: how well the values suit a field. */
function suits(field: Field, values: readonly unknown[]): number {
  let count = 0;
  let length = 0;
  for (const value of values) {
    if (field === 'messages') count += looksLikeMessages(openedMessages(value)) ? 1 : 0;
    else if (field === 'tools')
      count += isList(value) && isObject(value[0]) && (has(value[0], 'function') || has(value[0], 'parameters')) ? 1 : 0;
    else if (field === 'reward') count += typeof value === 'number' || typeof value === 'boolean' ? 1 : 0;
    else if (field === 'time') count += readTime(value) === undefined ? 0 : 1;
    else if (field === 'task' || field === 'id' || field === 'policy')
      count += (typeof value === 'string' && value.length <= 200) || Number.isInteger(value) ? 1 : 0;
    else if (typeof value === 'string' || looksLikeMessages(value)) {
      count++;
      length += typeof value === 'string' ? value.length : 100;
    }
  }
  const share = values.length === 0 ? 0 : count / values.length;
  if (field !== 'prompt' && field !== 'completion' && field !== 'text') return share;
  // Long texts are conversations, short ones are labels.
  return share * Math.min(1, length / Math.max(1, count) / 40);
}

function best(
  field: Proposed,
  fields: ReadonlyMap<string, Seen>,
  needsName: boolean,
  except: readonly (string | undefined)[] = [],
): string | undefined {
  let chosen: string | undefined;
  let most = 0;
  for (const [name, { path, values }] of fields) {
    if (except.includes(name)) continue;
    const named = NAMES[field].test(String(path.at(-1)));
    if (needsName && !named) continue;
    const distinct = field === 'id' ? new Set(values.map((value) => toJson(value))).size / values.length : 1;
    // A name counts as much as a shape; what lies deeper is less likely meant.
    const score = (suits(field, values) * distinct * (named ? 2 : 1)) / (1 + 0.1 * path.length);
    if (score > most) {
      chosen = name;
      most = score;
    }
  }
  return most >= 0.4 ? chosen : undefined;
}

/**
 * A mapping that suits the records' shape, or null where nothing in them looks like a conversation. A proposal: whoever
 * asked for it looks at it before it is used.
 */
export function suggestMapping(records: readonly unknown[]): MappingFile | null {
  const fields = fieldsOf(records.filter((record): record is JsonObject => isObject(record)));
  const messages = best('messages', fields, false);
  const completion = messages === undefined ? best('completion', fields, true) : undefined;
  const prompt = completion === undefined ? undefined : best('prompt', fields, true, [completion]);
  const text = messages === undefined && completion === undefined ? best('text', fields, false) : undefined;
  if (messages === undefined && completion === undefined && text === undefined) return null;
  const taken = [messages, completion, prompt, text];
  const task = best('task', fields, true, taken);
  const tools = [...fields].find(([, { values }]) => suits('tools', values) >= 0.5)?.[0];
  return {
    version: 1,
    ...defined({
      messages,
      prompt,
      completion,
      text,
      task,
      id: best('id', fields, true, [...taken, task]),
      reward: best('reward', fields, true, taken),
      policy: best('policy', fields, true, taken),
      time: best('time', fields, true, taken),
      tools,
    }),
  };
}
