/**
 * What AutoGen's agents say to each other: messages and events, `{source, type: "TextMessage" | "ToolCallRequestEvent" | …, content}`.
 * https://microsoft.github.io/autogen/stable/reference/python/autogen_agentchat.messages.html
 */
import { type JsonObject, get, getList, getObject, getString, isList, isObject, toJson } from './json.ts';
import { follows, type LineRead, type SessionKind, type SessionReading } from './session-format.ts';

const EVENTS = [
  'ToolCallRequest',
  'ToolCallExecution',
  'Thought',
  'MemoryQuery',
  'CodeGeneration',
  'CodeExecution',
  'SelectSpeaker',
  'Selector',
  'UserInputRequested',
  'ModelClientStreamingChunk',
];
const TYPE = new RegExp(
  `^(?:(?:Text|MultiModal|Stop|Handoff|ToolCallSummary)Message|StructuredMessage\\b.*|(?:${EVENTS.join('|')})Event)$`,
);

/** Whether an object is a message or an event of a team or an agent. */
export function isAutogenMessage(line: unknown): line is JsonObject {
  return isObject(line) && getString(line, 'source') !== undefined && TYPE.test(getString(line, 'type') ?? '');
}

/** How a line of such a conversation is read. */
export const AUTOGEN_LINES: Pick<SessionKind, 'expected' | 'line'> = {
  expected: 'a message or an event of AutoGen',
  line(value, reading) {
    if (getString(value, 'stop_reason') !== undefined && getList(value, 'messages') !== undefined) {
      // What a stream ends with repeats what came before.
      reading.status = getString(value, 'stop_reason');
      return 'result';
    }
    return isAutogenMessage(value) ? messageLine(value, reading) : null;
  },
};

function messageLine(value: JsonObject, reading: SessionReading): LineRead {
  const content = get(value, 'content');
  const time = { timestamp: get(value, 'created_at') };
  const type = getString(value, 'type') ?? '';
  switch (type) {
    case 'SelectSpeakerEvent':
    case 'SelectorEvent':
    case 'UserInputRequestedEvent':
    case 'ModelClientStreamingChunkEvent':
      return type;
    case 'ThoughtEvent':
      return says({ ...time, role: 'assistant', content: '', reasoning_content: content }, value, reading, true);
    case 'ToolCallRequestEvent':
      return says({ ...time, role: 'assistant', content: '', tool_calls: content }, value, reading);
    case 'ToolCallExecutionEvent':
      return follows(reading.event({ ...time, role: 'user', content: isList(content) ? content.map(result) : content }));
    case 'CodeExecutionEvent': {
      const ran = getObject(value, 'result');
      const failed = get(ran, 'exit_code') !== 0 ? { is_error: true } : {};
      return follows(reading.event({ ...time, role: 'tool', name: 'code', content: get(ran, 'output') ?? content, ...failed }));
    }
    case 'MemoryQueryEvent':
      return follows(reading.event({ ...time, role: 'system', content: isList(content) ? content.map(memory).join('\n') : content }));
    case 'ToolCallSummaryMessage':
    case 'HandoffMessage':
    case 'StopMessage':
      // These are made of what was said, not by a model.
      return follows(reading.event({ ...time, role: 'assistant', content }, false));
    default:
      if (!isByModel(value))
        return follows(reading.event({ ...time, role: isUser(value) ? 'user' : 'assistant', content: blocks(content) }, false));
      return says({ ...time, role: 'assistant', content: blocks(content) }, value, reading);
  }
}

function isUser(value: JsonObject): boolean {
  return /^(?:user|human)(?:_?proxy)?$/i.test(getString(value, 'source') ?? '');
}

/** What a model said has its usage, where the log has any; null says that no model was asked. */
function isByModel(value: JsonObject): boolean {
  return !isUser(value) && get(value, 'models_usage') !== null;
}

/** A thought and what is said behind it by the same agent are one turn. */
function says(message: JsonObject, value: JsonObject, reading: SessionReading, isThought = false): LineRead {
  const { memory } = reading;
  const turn = Number(memory.get('turn') ?? 0);
  const source = getString(value, 'source') ?? '';
  memory.set('turn', isThought ? turn : turn + 1);
  reading.spend(get(value, 'models_usage'));
  return follows(reading.event(message, true), { reply: `${turn} ${source}` });
}

function result(entry: unknown): unknown {
  return {
    type: 'tool_result',
    tool_use_id: get(entry, 'call_id'),
    content: get(entry, 'content'),
    name: get(entry, 'name'),
    is_error: get(entry, 'is_error') === true,
  };
}

function memory(entry: unknown): string {
  const content = get(entry, 'content');
  return typeof content === 'string' ? content : (toJson(content ?? entry) ?? '');
}

/** A list of texts and images; a structured reply is its JSON. */
function blocks(content: unknown): unknown {
  if (!isList(content)) return isObject(content) ? (toJson(content) ?? '') : content;
  return content.map((entry) => {
    const data = getString(entry, 'data');
    return data === undefined
      ? entry
      : { type: 'image_url', image_url: { url: data.startsWith('data:') ? data : `data:image/png;base64,${data}` } };
  });
}
