/** Which field of a record of no known format may be what, by names and values: a mapping for a person to look at. */
import { defined } from './envelope.ts';
import { has, isList, isObject, toJson, type JsonObject } from './json.ts';
import type { Field, MappingFile } from './mapping.ts';
import { pathText, type Path } from './mapping-paths.ts';
import { looksLikeMessages, openedMessages, readTime } from './messages.ts';

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
