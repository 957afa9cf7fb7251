/**
 * Sessions of Continue (`~/.continue/sessions/<id>.json`, one document): a history of messages, each with what was added to it.
 * https://github.com/continuedev/continue
 */
import { addNote } from './format.ts';
import { type JsonObject, get, getList, getObject, getString, isList, isObject } from './json.ts';
import { follows, sessionFormat, type SessionReading } from './session-format.ts';

export const continueDev = sessionFormat({
  id: 'continue-dev',
  label: 'Continue sessions',
  beats: ['chat'],
  expected: 'an entry of a Continue session, with a message',
  detects(line) {
    const isEntry = (entry: unknown): boolean =>
      getString(getObject(entry, 'message'), 'role') !== undefined && getList(entry, 'contextItems') !== undefined;
    return getString(line, 'sessionId') !== undefined && getList(line, 'history')?.some(isEntry) === true;
  },
  lines(document, reading) {
    reading.learn('session', get(document, 'sessionId'));
    reading.learn('title', get(document, 'title'));
    reading.learn('cwd', get(document, 'workspaceDirectory'));
    reading.learn('mode', get(document, 'mode'));
    reading.learn('model', get(document, 'chatModelTitle'));
    return withResults(getList(document, 'history') ?? []);
  },
  line(entry, reading) {
    const message = getObject(entry, 'message');
    const role = getString(message, 'role');
    if (message === undefined || role === undefined) return null;
    noteSent(entry, reading);
    const turn = Number(reading.memory.get('turn') ?? 0);
    // A thought is a message of its own, before the one that it leads to.
    if (role === 'thinking') {
      const thought = { role: 'assistant', content: [{ type: 'thinking', thinking: getString(message, 'content') ?? '' }] };
      return follows(reading.event(thought, true), { reply: `${turn}` });
    }
    const isTool = role === 'tool';
    const added = role === 'user' ? contextOf(entry) : [];
    const reasoning = getString(getObject(entry, 'reasoning'), 'text');
    const event = reading.event(
      {
        role,
        content: added.length > 0 ? [...added, ...blocksOf(get(message, 'content'))] : contentOf(get(message, 'content')),
        ...(isList(message['toolCalls']) ? { tool_calls: message['toolCalls'] } : {}),
        ...(isTool ? { tool_call_id: get(message, 'toolCallId') } : {}),
        ...(get(entry, 'failed') === true ? { is_error: true } : {}),
        ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      },
      role === 'assistant',
    );
    if (role === 'assistant') return follows(event, { reply: `${turn}` });
    reading.memory.set('turn', turn + 1);
    return follows(event);
  },
});

/** The history, with a message for each result that stands beside its call alone. */
function withResults(history: readonly unknown[]): readonly unknown[] {
  const told = new Set(history.map((entry) => getString(getObject(entry, 'message'), 'toolCallId')));
  return history.flatMap((entry) => {
    const states = getList(entry, 'toolCallStates') ?? [get(entry, 'toolCallState')];
    const results = states.flatMap((state): JsonObject[] => {
      const toolCallId = getString(state, 'toolCallId');
      const output = getList(state, 'output');
      if (toolCallId === undefined || told.has(toolCallId) || output === undefined) return [];
      const content = output.flatMap((item) => getString(item, 'content') ?? []).join('\n\n');
      return [{ message: { role: 'tool', toolCallId, content }, failed: getString(state, 'status') === 'errored' }];
    });
    return [entry, ...results];
  });
}

/** What was added to a message before its own words, as texts. */
function contextOf(entry: JsonObject): JsonObject[] {
  return (getList(entry, 'contextItems') ?? []).flatMap((item) => {
    const text = getString(item, 'content') ?? '';
    return text === '' ? [] : [{ type: 'text', text: `${text}\n\n` }];
  });
}

function blocksOf(content: unknown): readonly unknown[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return isList(content) ? content.map(blockOf) : [];
}

function contentOf(content: unknown): unknown {
  return isList(content) ? content.map(blockOf) : content;
}

function blockOf(block: unknown): unknown {
  return isObject(block) && getString(block, 'type') === 'imageUrl' ? { type: 'image_url', image_url: get(block, 'imageUrl') } : block;
}

/** Prompts as they were sent are the same messages once more, with instructions that the history has not. */
function noteSent(entry: JsonObject, reading: SessionReading): void {
  const logs = getList(entry, 'promptLogs') ?? [];
  for (const log of logs) reading.learn('model', get(log, 'modelTitle'), get(log, 'model'));
  if (logs.some((log) => getString(log, 'prompt') !== undefined))
    addNote(reading.notes, {
      code: 'prompt-log',
      expected: 'messages of the history',
      found: `${logs.length} prompts as they were sent; left out`,
    });
  if (getString(entry, 'conversationSummary') !== undefined)
    addNote(reading.notes, { code: 'prompt-log', expected: 'messages of the history', found: 'a summary of what was said; left out' });
}
