/**
 * Sessions of Goose: a head with the folder, then a message a line (`sessions/<name>.jsonl`), also those of its first, Python generation;
 * and `goose session export`, one document with `conversation`. https://github.com/block/goose
 */
import { addNote } from './format.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isList, isObject } from './json.ts';
import { follows, sessionFormat, type SessionReading } from './session-format.ts';

const HEAD = ['id', 'working_dir', 'description', 'name', 'provider_name', 'total_tokens', 'accumulated_total_tokens'] as const;

function isMessage(line: unknown): boolean {
  const role = getString(line, 'role');
  if ((role !== 'user' && role !== 'assistant') || getNumber(line, 'created') === undefined) return false;
  return getList(line, 'content')?.every((block) => getString(block, 'type') !== undefined) === true;
}

export const goose = sessionFormat({
  id: 'goose',
  label: 'Goose sessions',
  beats: ['chat', 'message-lines'],
  expected: 'the head of a Goose session, or a message with a role, a time and content',
  detects(line) {
    if (getString(line, 'working_dir') === undefined) return isMessage(line);
    return getNumber(line, 'message_count') !== undefined || getList(line, 'conversation')?.some(isMessage) === true;
  },
  lines(document, reading) {
    const conversation = getList(document, 'conversation');
    if (conversation !== undefined) learnHead(document, reading);
    return conversation;
  },
  line(value, reading) {
    const role = getString(value, 'role');
    if (role === undefined) {
      if (getString(value, 'working_dir') === undefined) return null;
      learnHead(value, reading);
      return 'head';
    }
    const content = get(value, 'content');
    if ((role !== 'user' && role !== 'assistant') || !isList(content)) return null;
    const message = { role, content: content.flatMap((block) => blocksOf(block, reading)), timestamp: get(value, 'created') };
    const about = getObject(value, 'metadata');
    // Once what was before is out of the model's sight, a summary that people do not see begins anew.
    const isCut = reading.memory.get('hidden') === true && get(about, 'userVisible') === false && get(about, 'agentVisible') !== false;
    if (get(about, 'agentVisible') === false) reading.memory.set('hidden', true);
    else if (isCut) reading.memory.delete('hidden');
    return follows(reading.event(message, role === 'assistant'), isCut ? { cut: 'compaction' } : {});
  },
});

function learnHead(head: JsonObject, reading: SessionReading): void {
  for (const key of HEAD) reading.learn(key === 'id' ? 'session' : key === 'working_dir' ? 'cwd' : key, get(head, key));
  reading.learn('model', getString(getObject(head, 'model_config'), 'model_name'));
}

/** A block as messages have them elsewhere. What is there for people alone is noted. */
function blocksOf(block: unknown, reading: SessionReading): JsonObject[] {
  if (!isObject(block)) return [];
  switch (getString(block, 'type')) {
    case 'text':
    case 'Text':
      return [{ type: 'text', text: getString(block, 'text') ?? '' }];
    case 'toolRequest':
    case 'frontendToolRequest':
      return callBlock(getString(block, 'id'), get(block, 'toolCall'), reading);
    case 'ToolUse':
      return [{ type: 'tool_use', id: get(block, 'id'), name: get(block, 'name'), input: get(block, 'parameters') }];
    case 'toolResponse':
      return [resultBlock(getString(block, 'id'), get(block, 'toolResult'), reading)];
    case 'ToolResult': {
      const failed = get(block, 'is_error') === true ? { is_error: true } : {};
      return [{ type: 'tool_result', tool_use_id: get(block, 'tool_use_id'), content: getString(block, 'output') ?? '', ...failed }];
    }
    case 'toolConfirmationRequest':
    case 'actionRequired':
    case 'contextLengthExceeded':
    case 'summarizationRequested':
    case 'systemNotification':
      noteAside(reading, getString(block, 'type') ?? '');
      return [];
    case 'redactedThinking':
      return [{ type: 'redacted_thinking' }];
    default:
      return [block];
  }
}

function noteAside(reading: SessionReading, what: string): void {
  addNote(reading.notes, {
    code: 'content-part',
    expected: 'what the model reads and writes',
    found: `${what}, which is for people; left out`,
  });
}

/** `{status: "success", value: {name, arguments}}`, or why it could not be read. */
function callBlock(id: string | undefined, call: unknown, reading: SessionReading): JsonObject[] {
  const value = get(call, 'value') ?? call;
  const name = getString(value, 'name');
  if (name !== undefined) return [{ type: 'tool_use', id, name, input: get(value, 'arguments') ?? {} }];
  addNote(reading.notes, { code: 'tool-call', expected: 'a call with a name in toolRequest', found: errorText(get(call, 'error')) });
  return [];
}

/** `{status: "success", value: [contents]}` or `{value: {content, isError}}`, or `{status: "error", error}`. */
function resultBlock(id: string | undefined, result: unknown, reading: SessionReading): JsonObject {
  const value = get(result, 'value') ?? get(result, 'error');
  const failed = getString(result, 'status') === 'error' || get(value, 'isError') === true;
  const listed = isList(value) ? value : getList(value, 'content');
  const own = listed?.filter((item) => {
    const audience = getList(getObject(item, 'annotations'), 'audience');
    if (audience === undefined || audience.includes('assistant')) return true;
    noteAside(reading, 'a result');
    return false;
  });
  const content = own?.map((item) => {
    const resource = getString(getObject(item, 'resource'), 'text');
    return resource === undefined ? item : { type: 'text', text: resource };
  });
  return { type: 'tool_result', tool_use_id: id, content: content ?? errorText(value), ...(failed ? { is_error: true } : {}) };
}

function errorText(error: unknown): string {
  return typeof error === 'string' ? error : (getString(error, 'message') ?? 'nothing');
}
