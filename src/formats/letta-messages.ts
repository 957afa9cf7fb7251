/**
 * Messages as Letta's API lists and streams them, each of a `message_type`: a list, lines, or `{messages, stop_reason, usage}`. What one
 * step of the agent wrote is one turn. https://docs.letta.com/guides/agents/message-types
 */
import { type JsonObject, get, getList, getObject, getString, isObject, toJson } from './json.ts';
import { readTime } from './messages.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { LogLine } from './format.ts';

const TYPES = new Set([
  'system_message',
  'user_message',
  'reasoning_message',
  'hidden_reasoning_message',
  'tool_call_message',
  'tool_return_message',
  'assistant_message',
  'approval_request_message',
  'approval_response_message',
  'summary_message',
  'event_message',
  'stop_reason',
  'usage_statistics',
  'ping',
]);

function isMessage(line: unknown): boolean {
  return TYPES.has(getString(line, 'message_type') ?? '');
}

export const lettaMessages = sessionFormat({
  id: 'letta-messages',
  label: 'Letta messages',
  expected: 'a message of Letta, with a message_type',
  detects: (record) => isMessage(record) || getList(record, 'messages')?.some(isMessage) === true,
  lines(document) {
    const messages = getList(document, 'messages');
    if (messages === undefined || getString(document, 'message_type') !== undefined) return undefined;
    return [...messages, ...[get(document, 'stop_reason'), get(document, 'usage')].filter(isMessage)];
  },
  settle: (lines) => joinChunks(oldestFirst(lines)),
  line: messageLine,
});

/** The API lists the newest first unless it is asked otherwise. */
function oldestFirst(lines: readonly LogLine[]): readonly LogLine[] {
  const times = lines.flatMap(({ value }) => readTime(get(value, 'date')) ?? []);
  const [first, last] = [times[0], times.at(-1)];
  return first !== undefined && last !== undefined && first > last ? lines.toReversed() : lines;
}

/** What the model writes comes in chunks; other messages come whole, and one that is told again is no chunk. */
const STREAMED = new Set(['reasoning_message', 'assistant_message', 'tool_call_message', 'approval_request_message']);

/** Streams of tokens give a message in chunks, which share its `otid`. Their lines count as superseded by the whole. */
function joinChunks(lines: readonly LogLine[]): readonly LogLine[] {
  const joined: LogLine[] = [];
  let chunks: JsonObject[] = [];
  for (const line of lines) {
    const before = chunks[0];
    const isNext =
      isObject(line.value) &&
      getString(line.value, 'otid') !== undefined &&
      STREAMED.has(getString(line.value, 'message_type') ?? '') &&
      ['otid', 'id', 'message_type'].every((key) => get(line.value, key) === get(before, key));
    if (!isNext) {
      close();
      chunks = [];
      joined.push(line);
    }
    if (isObject(line.value)) chunks.push(line.value);
  }
  close();
  return joined;

  function close(): void {
    const last = joined.at(-1);
    if (last !== undefined && chunks.length > 1) joined[joined.length - 1] = { ...last, value: wholeOf(chunks) };
  }
}

function wholeOf(chunks: readonly JsonObject[]): JsonObject {
  const calls = chunks.flatMap((chunk) => several(chunk, 'tool_calls', get(chunk, 'tool_call')));
  const whole = { ...chunks[0], ...joinedText(chunks, 'content'), ...joinedText(chunks, 'reasoning') };
  return calls.length === 0 ? whole : { ...whole, tool_call: null, tool_calls: wholeCalls(calls) };
}

/** Chunks of several calls may take turns; one without an id is of the call before it. */
function wholeCalls(calls: readonly unknown[]): readonly JsonObject[] {
  const byId = new Map<string, unknown[]>();
  let id = calls.map((call) => getString(call, 'tool_call_id')).find((each) => !!each) ?? '';
  for (const call of calls) {
    id = getString(call, 'tool_call_id') || id;
    const own = byId.get(id);
    if (own === undefined) byId.set(id, [call]);
    else own.push(call);
  }
  return [...byId].map(([tool_call_id, own]) => ({ tool_call_id, ...joinedText(own, 'name'), ...joinedText(own, 'arguments') }));
}

function joinedText(chunks: readonly unknown[], key: string): JsonObject {
  const pieces = chunks.flatMap((chunk) => getString(chunk, key) ?? []);
  return pieces.length === 0 ? {} : { [key]: pieces.join('') };
}

function messageLine(value: JsonObject, reading: SessionReading): LineRead {
  const type = getString(value, 'message_type') ?? '';
  const timestamp = get(value, 'date');
  const reads = (role: string, content: unknown): LineRead => follows(reading.event({ timestamp, role, content }, false));
  const step = getString(value, 'step_id') ?? getString(value, 'id');
  const says = (message: JsonObject): LineRead =>
    follows(reading.event({ timestamp, role: 'assistant', content: '', ...message }, true), step === undefined ? {} : { reply: step });
  reading.learn('run', get(value, 'run_id'));
  switch (type) {
    case 'system_message':
      return reads('system', get(value, 'content'));
    case 'user_message':
      return reads('user', get(value, 'content'));
    case 'summary_message':
      return reads('user', get(value, 'summary'));
    case 'reasoning_message':
      return says({ reasoning_content: get(value, 'reasoning') });
    case 'assistant_message':
      return says({ content: get(value, 'content') });
    case 'tool_call_message':
    case 'approval_request_message':
      return says({ tool_calls: several(value, 'tool_calls', get(value, 'tool_call')).map(callOf) });
    case 'tool_return_message':
      return several(value, 'tool_returns', value).flatMap((result) => follows(returned({ timestamp }, result, reading)));
    case 'approval_response_message': {
      // Tools that the client runs itself answer here; other approvals are told again in what their tools return.
      const results = (getList(value, 'approvals') ?? []).filter((each) => get(each, 'tool_return') !== undefined);
      return results.length === 0 ? type : results.flatMap((result) => follows(returned({ timestamp }, result, reading)));
    }
    case 'stop_reason':
      reading.status = getString(value, 'stop_reason') ?? reading.status;
      return type;
    case 'usage_statistics':
      reading.spend(value);
      return type;
    default:
      // What a server hides of a thought is nothing that anyone can read.
      return TYPES.has(type) ? type : null;
  }
}

/** Newer messages have a list, of which the older member is the first. */
function several(value: JsonObject, key: string, single: unknown): readonly unknown[] {
  const list = getList(value, key) ?? (isObject(get(value, key)) ? [get(value, key)] : []);
  return list.length > 0 ? list : isObject(single) ? [single] : [];
}

function callOf(call: unknown): JsonObject {
  return { id: get(call, 'tool_call_id'), name: get(call, 'name'), arguments: get(call, 'arguments') ?? {} };
}

function returned(time: JsonObject, result: unknown, reading: SessionReading): ReturnType<SessionReading['event']> {
  const output = get(result, 'tool_return');
  return reading.event(
    {
      ...time,
      role: 'tool',
      tool_call_id: get(result, 'tool_call_id'),
      name: getString(result, 'name') ?? undefined,
      content: getObject(result, 'tool_return') === undefined ? (output ?? '') : (toJson(output) ?? ''),
      ...(getString(result, 'status') === 'error' ? { is_error: true } : {}),
    },
    false,
  );
}
