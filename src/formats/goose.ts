/**
 * Sessions of Goose: a head with the folder, then a message a line (`sessions/<name>.jsonl`), also those of its first, Python generation;
 * and `goose session export`, one document with `conversation`. https://github.com/block/goose
 */
import { addNote, type LogLine } from './format.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isList, isObject } from './json.ts';
import { follows, sessionFormat, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

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
  settle: withSummaries,
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
    const more = placeOf(value, reading);
    // What people do not see is what Goose says in the model's place.
    return follows(reading.event(message, role === 'assistant' && isSeen(value, 'userVisible')), more);
  },
});

/** A message is seen unless it says that it is not. */
function isSeen(message: unknown, by: 'userVisible' | 'agentVisible'): boolean {
  return get(getObject(message, 'metadata'), by) !== false;
}

/** What the model reads in place of messages that it no longer sees: people see those, and not it. */
function isSummary(message: unknown): boolean {
  return getString(message, 'role') === 'user' && !isSeen(message, 'userVisible') && isSeen(message, 'agentVisible');
}

function hasBlock(message: unknown, type: string): boolean {
  return getList(message, 'content')?.some((block) => getString(block, 'type') === type) === true;
}

/**
 * Summaries of calls, each behind the hidden call and result that it is of: Goose adds them at the end of what there is, the oldest call's
 * first. One of all that was before stays where it is.
 */
function withSummaries(lines: readonly LogLine[]): readonly LogLine[] {
  /** Places of the last lines of hidden calls that no summary was found for. */
  let calls: number[] = [];
  let next = 0;
  const summaries = new Map<number, LogLine>();
  const moved = new Set<LogLine>();
  let isAnySeen = false;
  let isCall = false;
  for (const [i, line] of lines.entries()) {
    const message = line.value;
    if (getList(message, 'content') === undefined) continue;
    if (!isSeen(message, 'agentVisible')) {
      if (hasBlock(message, 'toolRequest')) isCall = calls.push(i) > 0;
      else if (isCall && hasBlock(message, 'toolResponse')) calls[calls.length - 1] = i;
      else isCall = false;
      continue;
    }
    if (isSummary(message) && isAnySeen && next < calls.length) {
      summaries.set(calls[next++]!, line);
      moved.add(line);
      continue;
    }
    isCall = false;
    if (!isAnySeen) [calls, next] = [[], 0];
    isAnySeen = true;
  }
  return moved.size === 0
    ? lines
    : lines.flatMap((line, i) => (moved.has(line) ? [] : [line, ...(summaries.has(i) ? [summaries.get(i)!] : [])]));
}

/** Where a message stands: behind the one before it; a summary in the place of what it is of. */
function placeOf(message: JsonObject, { entries, memory }: SessionReading): Partial<SessionNode> {
  const id = `${entries.size}`;
  const [last, isCall, isAnySeen] = [memory.get('last'), memory.get('call') === true, memory.get('seen') === true];
  memory.set('last', id);
  if (!isSeen(message, 'agentVisible')) {
    if (hasBlock(message, 'toolRequest')) memory.set('above', last).set('call', true);
    else if (!hasBlock(message, 'toolResponse')) memory.set('call', false);
    return { id };
  }
  memory.set('seen', true).set('call', false);
  if (!isSummary(message)) return { id };
  if (!isAnySeen) return last === undefined ? { id } : { id, cut: 'compaction' };
  const above = memory.get('above');
  return isCall && typeof above === 'string' ? { id, parent: above } : { id };
}

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
