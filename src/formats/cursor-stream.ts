/**
 * What `cursor-agent --output-format stream-json` writes: messages, thoughts in pieces and calls, a line each.
 * https://cursor.com/docs/cli/reference/output-format
 */
import type { LogLine } from './format.ts';
import { type JsonObject, get, getId, getObject, getString, isList, isObject, toJson } from './json.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';

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
  settle: whole,
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    reading.learn('session', get(value, 'session_id'));
    reading.learn('model', get(value, 'model'));
    const message = getObject(value, 'message');
    if (type === 'user' && message !== undefined) return follows(reading.event({ ...message, role: 'user' }, false));
    if (type === 'assistant' && message !== undefined) return says({ ...message, role: 'assistant' }, reading);
    if (type === 'thinking' && getString(value, 'text') !== undefined)
      return says({ role: 'assistant', content: '', reasoning_content: get(value, 'text') }, reading);
    if (type === 'result') reading.status = getString(value, 'subtype');
    return type === 'tool_call' ? callOf(value, reading) : ASIDE.has(type) ? type : null;
  },
});

/** What is said until a result comes is one turn. */
function says(message: JsonObject, reading: SessionReading): ReturnType<typeof follows> {
  return follows(reading.event(message, true), { reply: `${Number(reading.memory.get('turn') ?? 0)}` });
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
  const calls = says({ role: 'assistant', content: '', tool_calls: [{ id, name, arguments: args }] }, reading);
  const result = get(told, 'result') ?? get(call, 'result');
  if (result === undefined || result === null) return calls;
  reading.memory.set('turn', Number(reading.memory.get('turn') ?? 0) + 1);
  const failed = get(result, 'success') === undefined && isObject(result) ? { is_error: true } : {};
  const content = textOf(getObject(result, 'success') ?? result);
  return [...calls, ...follows(reading.event({ role: 'tool', tool_call_id: id, name, content, ...failed }))];
}

function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  return getString(result, 'content') ?? getString(result, 'output') ?? toJson(result) ?? '';
}

/** The last line of each call, at the place of the first; pieces of a thought as one line. */
function whole(lines: readonly LogLine[]): readonly LogLine[] {
  const last = new Map<string, LogLine>();
  const idOf = ({ value }: LogLine): string | undefined => (getString(value, 'type') === 'tool_call' ? getId(value, 'call_id') : undefined);
  for (const line of lines) {
    const id = idOf(line);
    if (id !== undefined) last.set(id, line);
  }
  const found: LogLine[] = [];
  let pieces: string[] = [];
  const close = (): void => {
    const first = found.at(-1);
    if (first !== undefined && pieces.length > 1 && isObject(first.value))
      found[found.length - 1] = { ...first, value: { ...first.value, text: pieces.join('') } };
    pieces = [];
  };
  for (const line of lines) {
    const text = getString(line.value, 'subtype') === 'delta' ? getString(line.value, 'text') : undefined;
    if (text !== undefined && pieces.length > 0) {
      pieces.push(text);
      continue;
    }
    close();
    const id = idOf(line);
    const shown = id === undefined ? line : last.get(id);
    if (id !== undefined) last.delete(id);
    if (shown !== undefined) found.push(shown);
    if (text !== undefined) pieces.push(text);
  }
  close();
  return found;
}
