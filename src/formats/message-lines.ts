/**
 * One conversation, a chat message a line: `{role, content, tool_calls?}`, as Kimi CLI prints (`--output-format stream-json`) and keeps
 * (`context.jsonl`), and as people's own agents append to a file.
 */
import { type JsonObject, get, getId, getList, getString, isList, isObject } from './json.ts';
import { roleOf } from './roles.ts';
import { follows, sessionFormat } from './session-format.ts';

/** Members that say that a line is something else, which holds messages or is part of a protocol. */
const OTHERS = ['messages', 'message', 'type', 'parts', 'payload', 'prompt', 'completion', 'choices', 'agent', 'uuid', 'source'];

export const messageLines = sessionFormat({
  id: 'message-lines',
  label: 'Chat messages, one a line',
  expected: 'a message with a role and content',
  detects: (line) =>
    isObject(line) && (isMessage(line) || markOf(line) !== undefined) && OTHERS.every((key) => get(line, key) === undefined),
  sessionOf,
  line(value, reading) {
    reading.learn('session', sessionOf(value));
    const mark = markOf(value);
    if (mark === '_system_prompt') return follows(reading.event({ ...value, role: 'system' }, false));
    if (mark !== undefined) return mark;
    return isMessage(value) ? follows(reading.event({ ...value, content: thoughts(get(value, 'content')) })) : null;
  },
});

/** Those who append many conversations to one file name each. */
function sessionOf(value: unknown): string | undefined {
  return getId(value, 'conversation_id', 'session_id', 'thread_id');
}

function isMessage(line: JsonObject): boolean {
  const content = get(line, 'content');
  const isTold = typeof content === 'string' || isList(content) || getList(line, 'tool_calls') !== undefined;
  return isTold && roleOf(get(line, 'role')) !== undefined;
}

/** Kimi keeps marks of its own among the messages, whose roles begin with a line; Letta says at first where a session ran. */
function markOf(line: JsonObject): string | undefined {
  const role = getString(line, 'role');
  return role !== undefined && (/^_[a-z]/.test(role) || role === 'meta') ? role : undefined;
}

/** Kimi's thoughts are blocks of type `think`. */
function thoughts(content: unknown): unknown {
  if (!isList(content)) return content;
  return content.map((block) =>
    getString(block, 'type') === 'think' ? { type: 'thinking', thinking: getString(block, 'think') ?? '' } : block,
  );
}
