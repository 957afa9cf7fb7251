/**
 * What `cursor-agent --output-format stream-json` writes: messages, thoughts in pieces and calls, a line each.
 * https://cursor.com/docs/cli/reference/output-format
 */
import type { LogLine } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject, toJson } from './json.ts';
import { joinDeltas } from './join-deltas.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import { atStartAndEnd, endTurn, isNewCall, turnOf } from './started-calls.ts';

const ASIDE = new Set(['system', 'result', 'thinking', 'interaction_query']);

export const cursorStream = sessionFormat({
  id: 'cursor-stream',
  label: 'Cursor CLI stream-json',
  beats: ['claude-code', 'cursor-cli', 'droid-cli'],
  expected: 'an event of Cursor: system, user, assistant, thinking, tool_call or result',
  detects(line) {
    if (getString(line, 'session_id') === undefined || get(line, 'uuid') !== undefined) return false;
    const type = getString(line, 'type');
    if (type === 'tool_call') return getString(line, 'call_id') !== undefined && getObject(line, 'tool_call') !== undefined;
    if (type === 'thinking') return getString(line, 'subtype') !== undefined;
    if (type === 'system') return get(line, 'apiKeySource') !== undefined && get(line, 'tools') === undefined;
    // The same stream of Claude Code has ids of messages, and of the call that a sub-agent is of.
    const message = getObject(line, 'message');
    return (
      (type === 'user' || type === 'assistant') &&
      isList(get(message, 'content')) &&
      get(message, 'id') === undefined &&
      get(line, 'parent_tool_use_id') === undefined
    );
  },
  sessionOf: (value) => getString(value, 'session_id'),
  settle: whole,
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    reading.learn('session', get(value, 'session_id'));
    reading.learn('model', get(value, 'model'));
    const message = getObject(value, 'message');
    if (type === 'user' && message !== undefined) {
      endTurn(reading);
      return follows(reading.event({ ...message, role: 'user' }, false));
    }
    if (type === 'assistant' && message !== undefined) return says({ ...message, role: 'assistant' }, reading);
    if (type === 'thinking' && getString(value, 'text') !== undefined)
      return says({ role: 'assistant', content: '', reasoning_content: get(value, 'text') }, reading);
    if (type === 'result') reading.status = getString(value, 'subtype');
    return type === 'tool_call' ? callOf(value, reading) : ASIDE.has(type) ? type : null;
  },
});

/** What is said until a result or a person's words come is one turn. */
function says(message: JsonObject, reading: SessionReading): ReturnType<typeof follows> {
  return follows(reading.event(message, true), { reply: turnOf(reading) });
}

/** `{readToolCall: {args, result}}`, or `{function: {name, arguments}}`. */
function callOf(value: JsonObject, reading: SessionReading): LineRead {
  const call = getObject(value, 'tool_call') ?? {};
  const key = Object.keys(call).find((each) => isObject(call[each]));
  const told = key === undefined ? undefined : getObject(call, key);
  if (key === undefined || told === undefined) return null;
  const id = getId(value, 'call_id');
  const name = key === 'function' ? getString(told, 'name') : key.replace(/ToolCall$/, '');
  const args = get(told, 'args') ?? get(told, 'arguments') ?? {};
  const calls = isNewCall(reading, id)
    ? says({ role: 'assistant', content: '', tool_calls: [{ id, name, arguments: args }] }, reading)
    : [];
  const result = get(told, 'result') ?? get(call, 'result');
  if (getString(value, 'subtype') === 'started' || result === undefined || result === null) return calls.length > 0 ? calls : 'tool_call';
  endTurn(reading);
  const failed = get(result, 'success') === undefined && isObject(result) ? { is_error: true } : {};
  const content = textOf(getObject(result, 'success') ?? result);
  return [...calls, ...follows(reading.event({ role: 'tool', tool_call_id: id, name, content, ...failed }))];
}

function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  return getString(result, 'content') ?? getString(result, 'output') ?? toJson(result) ?? '';
}

/** A line for each call and its result; the deltas of a thought or a text as one line. */
function whole(lines: readonly LogLine[]): readonly LogLine[] {
  const told = atStartAndEnd(lines, {
    keyOf: ({ value }) => (getString(value, 'type') === 'tool_call' ? getId(value, 'call_id') : undefined),
    isStart: ({ value }) => getString(value, 'subtype') === 'started',
    asStart: ({ value }) => (isObject(value) ? { ...value, subtype: 'started' } : value),
  });
  const kept: LogLine[] = [];
  const keys: (string | undefined)[] = [];
  /** What the deltas of the model's words came to since a segment began, and how many segments were told again. */
  let segment = '';
  let again = 0;
  for (const line of told) {
    const type = getString(line.value, 'type');
    const text = deltaOf(line.value);
    // Cursor tells a segment once more as a whole: before a call, or where it ends.
    const isAgain = type === 'assistant' && text === undefined && segment !== '' && wordsOf(line.value) === segment;
    if (type !== 'thinking') segment = text === undefined ? '' : segment + text;
    if (isAgain) {
      again++;
      continue;
    }
    kept.push(line);
    keys.push(text === undefined ? undefined : `${type} ${again}`);
  }
  return joinDeltas(kept, { keys, textOf: (value) => deltaOf(value) ?? '', withText });
}

/** The text of a delta. Whole words of the model have no time, or the id of the call of the model that gave them. */
function deltaOf(value: unknown): string | undefined {
  const type = getString(value, 'type');
  if (type === 'thinking') return getString(value, 'subtype') === 'delta' ? getString(value, 'text') : undefined;
  if (type !== 'assistant' || get(value, 'timestamp_ms') === undefined || get(value, 'model_call_id') !== undefined) return undefined;
  return wordsOf(value);
}

/** The words of a message of texts alone. */
function wordsOf(value: unknown): string | undefined {
  const blocks = getList(getObject(value, 'message'), 'content');
  const texts = blocks?.flatMap((block) => (getString(block, 'type') === 'text' ? (getString(block, 'text') ?? []) : []));
  return texts === undefined || texts.length === 0 || texts.length !== blocks?.length ? undefined : texts.join('');
}

function withText(value: unknown, text: string): unknown {
  if (!isObject(value)) return value;
  if (getString(value, 'type') === 'thinking') return { ...value, text };
  return { ...value, message: { ...getObject(value, 'message'), content: [{ type: 'text', text }] } };
}
