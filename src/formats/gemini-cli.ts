/**
 * Sessions of Gemini CLI (`~/.gemini/tmp/<project>/chats/session-*.json` and `.jsonl`): one document, or a head and a line for each
 * message, of which a later one with the same id takes the place. https://github.com/google-gemini/gemini-cli (chatRecordingService.ts)
 */
import { partBlocks, partMessages, responseMessage } from './gemini-content.ts';
import { type JsonObject, get, getList, getObject, getString, isList, isObject } from './json.ts';
import type { LogLine } from './format.ts';
import { sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

const ASIDE = new Set(['info', 'error', 'warning', 'system', 'about', 'help', 'stats', 'quit', 'compression']);

export const geminiCli = sessionFormat({
  id: 'gemini-cli',
  label: 'Gemini CLI sessions',
  beats: ['chat'],
  expected: 'a line of a Gemini CLI session: its head, a message of type user or gemini, or a change of the session',
  detects: (line) => isHead(line) || isMessage(line) || getObject(line, '$set') !== undefined || getString(line, '$rewindTo') !== undefined,
  lines(document, reading) {
    if (!isHead(document)) return undefined;
    const { messages, ...head } = document;
    learnHead(head, reading);
    return Array.isArray(messages) ? messages : undefined;
  },
  settle: lastOfEach,
  line(value, reading) {
    const back = getString(value, '$rewindTo');
    if (back !== undefined) return rewound(back, reading);
    if (isHead(value) || getObject(value, '$set') !== undefined) return 'head';
    const type = getString(value, 'type') ?? '';
    if (ASIDE.has(type)) return type;
    return type === 'user' || type === 'gemini' || type === 'model' ? messageNodes(value, type, reading) : null;
  },
});

function isHead(line: unknown): boolean {
  return getString(line, 'sessionId') !== undefined && getString(line, 'projectHash') !== undefined;
}

function isMessage(line: unknown): boolean {
  const type = getString(line, 'type');
  if (!isObject(line) || getString(line, 'id') === undefined || get(line, 'message') !== undefined || get(line, 'role') !== undefined)
    return false;
  const isTold = getString(line, 'timestamp') !== undefined && (get(line, 'content') ?? get(line, 'parts')) !== undefined;
  return isTold && (type === 'gemini' || type === 'model' || (type === 'user' && get(line, 'parentUuid') === undefined));
}

function learnHead(head: JsonObject, reading: SessionReading): void {
  reading.learn('session', get(head, 'sessionId'));
  reading.learn('project', get(head, 'projectHash'));
  reading.learn('kind', get(head, 'kind'));
  reading.learn('title', get(head, 'summary'));
  reading.learn('model', getString(getObject(head, 'meta'), 'model'));
}

/** A message is written again whenever more of it is known: the last of its lines counts, at the place of the first. */
function lastOfEach(lines: readonly LogLine[]): readonly LogLine[] {
  const last = new Map<string, LogLine>();
  for (const line of lines) if (isMessage(line.value)) last.set(getString(line.value, 'id') ?? '', line);
  const told = new Set<string>();
  return lines.flatMap((line) => {
    if (!isMessage(line.value)) return [line];
    const id = getString(line.value, 'id') ?? '';
    if (told.has(id)) return [];
    told.add(id);
    return [last.get(id) ?? line];
  });
}

/** A line that says to which message the session went back: what follows stands where that message stood. */
function rewound(id: string, { memory }: SessionReading): LineRead {
  if (memory.has(`before ${id}`)) memory.set('last', memory.get(`before ${id}`));
  return 'rewind';
}

function messageNodes(value: JsonObject, type: string, reading: SessionReading): readonly SessionNode[] {
  const id = getString(value, 'id') ?? '';
  const timestamp = get(value, 'timestamp');
  const content = get(value, 'content') ?? get(value, 'parts');
  const { memory } = reading;
  memory.set(`before ${id}`, memory.get('last') ?? null);
  let nodes = 0;
  const node = (message: JsonObject, sampled: boolean): SessionNode => {
    const own = `${id} ${nodes++}`;
    const parent = memory.get('last');
    memory.set('last', own);
    const event = reading.event({ timestamp, ...message }, sampled);
    return { id: own, parent: typeof parent === 'string' ? parent : null, event, reply: sampled ? id : undefined };
  };
  if (type === 'user') return partMessages('user', content).map((message) => node(message, false));
  reading.learn('model', get(value, 'model'));
  reading.spend(get(value, 'tokens'));
  const calls = (getList(value, 'toolCalls') ?? []).filter(isObject);
  const said = [...thoughtBlocks(get(value, 'thoughts')), ...partBlocks(content)];
  const called = calls.map((call) => ({
    type: 'tool_call',
    id: get(call, 'id'),
    name: get(call, 'name'),
    arguments: get(call, 'args') ?? {},
  }));
  return [
    node({ role: 'assistant', content: [...said, ...called] }, true),
    ...calls.flatMap((call) => answers(call).map((message) => node(message, false))),
  ];
}

/** Blocks of what the model thought: a subject and what it says of that. */
function thoughtBlocks(thoughts: unknown): readonly unknown[] {
  return (isList(thoughts) ? thoughts : []).flatMap((thought) => {
    const words = [getString(thought, 'subject'), getString(thought, 'description')].filter((word) => word !== undefined && word !== '');
    return words.length === 0 ? [] : [{ type: 'thinking', thinking: words.join('\n') }];
  });
}

/** What a call gave: as the model read it, else as it was shown. */
function answers(call: JsonObject): JsonObject[] {
  const failed = ['error', 'cancelled'].includes(getString(call, 'status') ?? '') ? { is_error: true } : {};
  const given = (getList(call, 'result') ?? []).flatMap((part) => {
    const response = getObject(part, 'functionResponse');
    return response === undefined ? [] : [response];
  });
  if (given.length > 0) return given.map((response) => ({ ...responseMessage(response), ...failed }));
  const shown = get(call, 'result') ?? get(call, 'resultDisplay');
  if (typeof shown !== 'string') return [];
  return [{ role: 'tool', tool_call_id: get(call, 'id'), name: get(call, 'name'), content: shown, ...failed }];
}
