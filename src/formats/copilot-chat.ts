/**
 * Chats of GitHub Copilot in VS Code, as "Export Chat" writes them and as `chatSessions/` keeps them: one document, or a first state and
 * changes to it, a line each. Where a request has its rounds of calls and their results, these are what was said; otherwise what was shown.
 */
import { foldChanges, isChange } from './copilot-changes.ts';
import { shownMessages } from './copilot-shown.ts';
import { addNote, type LogLine } from './format.ts';
import { type JsonObject, get, getList, getObject, getString, isList, isObject } from './json.ts';
import { follows, sessionFormat, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

/** Older chats have the words alone. */
function isAsked(message: unknown): boolean {
  return isObject(message) || typeof message === 'string';
}

function isChat(value: unknown): boolean {
  const requests = getList(value, 'requests');
  return requests?.some((request) => isAsked(get(request, 'message')) && getList(request, 'response') !== undefined) === true;
}

export const copilotChat = sessionFormat({
  id: 'copilot-chat',
  label: 'Copilot chats of VS Code',
  beats: ['chat'],
  expected: 'a chat of VS Code with requests, or a change to one',
  detects: (line) => isChat(line) || isChange(line),
  lines: (document) => (isChat(document) ? [document] : undefined),
  // A first state opens a chat; changes are of the one before them.
  sessionOf: (value) => (isChange(value) ? getString(get(value, 'v'), 'sessionId') : undefined),
  settle(lines) {
    const whole = lines.filter(({ value }) => !isChange(value));
    const changes = lines.filter(({ value }) => isChange(value));
    const [first] = changes;
    return first === undefined ? whole : [...whole, { ...first, value: foldChanges(changes.map(({ value }: LogLine) => value)) }];
  },
  line(chat, reading) {
    const requests = getList(chat, 'requests');
    if (requests === undefined) return null;
    reading.learn('session', get(chat, 'sessionId'));
    reading.learn('title', get(chat, 'customTitle'));
    reading.learn('responder', get(chat, 'responderUsername'));
    return requests.flatMap((request) => nodesOf(request, reading));
  },
});

/** What a person asked, and what came of it. */
function nodesOf(request: unknown, reading: SessionReading): readonly SessionNode[] {
  reading.learn('model', get(request, 'modelId'));
  reading.learn('agent', getString(getObject(request, 'agent'), 'id'));
  reading.learn('vote', get(request, 'vote'));
  const result = getObject(request, 'result');
  const about = getObject(result, 'metadata');
  const fault = getString(getObject(result, 'errorDetails'), 'message');
  if (fault !== undefined) addNote(reading.notes, { code: 'request-error', expected: 'an answer to each request', found: fault });
  reading.status = fault ?? (get(request, 'isCanceled') === true ? 'canceled' : undefined);
  const timestamp = get(request, 'timestamp');
  const asked = { role: 'user', content: askedTexts(request, about), timestamp };
  const rounds = getList(about, 'toolCallRounds') ?? [];
  const said =
    rounds.length > 0
      ? roundMessages(rounds, getObject(about, 'toolCallResults'))
      : shownMessages(getList(request, 'response') ?? [], reading.notes);
  return [asked, ...said].flatMap((message) => follows(reading.event(message, message['role'] === 'assistant')));
}

/** The prompt as it was rendered for the model, where it is there; otherwise a person's words, with what they attached. */
function askedTexts(request: unknown, about: unknown): readonly JsonObject[] {
  const words = getString(get(request, 'message'), 'text') ?? getString(request, 'message') ?? '';
  const rendered = [...(getList(about, 'renderedGlobalContext') ?? []), ...(getList(about, 'renderedUserMessage') ?? [])].map(
    (part) => getString(part, 'text') ?? '',
  );
  const attached = (getList(getObject(request, 'variableData'), 'variables') ?? []).map((variable) => getString(variable, 'value') ?? '');
  const texts = rendered.some((text) => text !== '') ? rendered : attached;
  const all = texts.some((text) => text.includes(words)) ? texts : [...texts, words];
  return all.filter((text) => text !== '').map((text) => ({ type: 'text', text }));
}

function roundMessages(rounds: readonly unknown[], results: JsonObject | undefined): JsonObject[] {
  return rounds.flatMap((round) => {
    const calls = getList(round, 'toolCalls') ?? [];
    const thought = get(getObject(round, 'thinking'), 'text');
    const reasoning = isList(thought) ? thought.filter((text) => typeof text === 'string').join('') : thought;
    const reply = {
      role: 'assistant',
      content: getString(round, 'response') ?? '',
      ...(typeof reasoning === 'string' ? { reasoning_content: reasoning } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    const answers = calls.flatMap((call): JsonObject[] => {
      const id = getString(call, 'id');
      const found = id === undefined ? undefined : get(results, id);
      if (found === undefined) return [];
      const content = (getList(found, 'content') ?? []).map((part) => promptText(get(part, 'value') ?? part)).join('\n');
      return [{ role: 'tool', tool_call_id: id, content, ...(get(found, 'hasError') === true ? { is_error: true } : {}) }];
    });
    return [reply, ...answers];
  });
}

/** Of a text, or of a prompt element `{node: {children: [{text}, …]}}` the texts in it, as it is rendered. */
function promptText(value: unknown): string {
  if (typeof value === 'string') return value;
  let text = '';
  const waiting: unknown[] = [get(value, 'node') ?? value];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const own = getString(node, 'text') ?? '';
    const breaks = get(node, 'lineBreakBefore') === true && text !== '' && !text.endsWith('\n');
    text += `${breaks ? '\n' : ''}${own}`;
    const children = getList(node, 'children') ?? [];
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i] ?? null);
  }
  return text;
}
