/** Records that no format detects: where their fields are, as a person wrote it down. */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { upgrade, type VersionedFile } from '../core/model/versions.ts';
import { accept, defined, noteTools, positionId, readEnvelope, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format } from './format.ts';
import { describe, getId, has, isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { openedMessages, readMessages, readReward, readTime } from './messages.ts';
import type { MessagesRead } from './messages.ts';
import { parsePath, valueAt, type Path } from './mapping-paths.ts';
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
export type Field = (typeof FIELDS)[number];
const ALL: readonly string[] = [...FIELDS, 'columns'];

/**
 * docs/formats/mapping.md; a file from version 2 on has a checksum (`engine/mapping-file.ts`). Version 3 adds members, which one that
 * is written by hand may have too.
 */
export const MAPPING_FILE: VersionedFile<JsonObject> = { name: 'mapping file', steps: [(mapping) => mapping, (mapping) => mapping] };

export type MappingRead = { readonly ok: true; readonly mapping: MappingFile } | { readonly ok: false; readonly reason: string };

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
