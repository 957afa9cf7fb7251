/**
 * Events of `codex exec --json`: a thread, its turns, and items that start and are completed. The prompt is in none of them.
 * https://github.com/openai/codex/blob/main/docs/exec.md
 */
import { addNote, type LogLine } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isObject, toJson } from './json.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';
import { atStartAndEnd, endTurn, isNewCall, turnOf } from './started-calls.ts';

const ITEM = /^item\.(?:started|updated|completed)$/;

function itemOf(line: unknown): JsonObject | undefined {
  return ITEM.test(getString(line, 'type') ?? '') ? getObject(line, 'item') : undefined;
}

export const codexExec = sessionFormat({
  id: 'codex-exec',
  label: 'Codex exec events',
  expected: 'an event of codex exec: thread.started, turn.…, item.… or error',
  detects: (line) =>
    itemOf(line) !== undefined ||
    (getString(line, 'type') === 'thread.started' && getString(line, 'thread_id') !== undefined) ||
    /^turn\.(?:started|completed|failed)$/.test(getString(line, 'type') ?? ''),
  sessionOf: (value) => getString(value, 'thread_id'),
  settle: itemsOf,
  line(value, reading) {
    const item = itemOf(value);
    if (item !== undefined) return itemNodes(item, getString(value, 'type') === 'item.started', reading);
    const type = getString(value, 'type') ?? '';
    if (/^(?:thread|turn)\./.test(type)) endTurn(reading);
    // Items are numbered anew.
    if (type === 'thread.started') reading.memory.set('thread', Number(reading.memory.get('thread') ?? 0) + 1);
    reading.learn('session', get(value, 'thread_id'));
    reading.spend(get(value, 'usage'));
    if (type === 'turn.failed' || type === 'error') reading.status = getString(getObject(value, 'error') ?? value, 'message') ?? 'failed';
    return /^(?:thread|turn)\.\w+$|^error$/.test(type) ? type : null;
  },
});

const kindOf = (item: unknown): string => getString(item, 'type') ?? getString(item, 'item_type') ?? '';
const SAID = new Set(['agent_message', 'assistant_message', 'reasoning', 'error']);

/** Of what is said the last event counts, at the place of the first; of calls those that start and end; of plans each change. */
function itemsOf(lines: readonly LogLine[]): readonly LogLine[] {
  let threads = 0;
  const plans = new Map<string, string | undefined>();
  const keys = new Map<LogLine, string>();
  const kept = lines.filter((line) => {
    if (getString(line.value, 'type') === 'thread.started') threads++;
    const item = itemOf(line.value);
    const id = getId(item, 'id');
    if (id === undefined) return true;
    const key = `${threads} ${id}`;
    if (kindOf(item) !== 'todo_list') {
      keys.set(line, key);
      return true;
    }
    const plan = toJson(getList(item, 'items') ?? []);
    if (plans.has(key) && plans.get(key) === plan) return false;
    plans.set(key, plan);
    return true;
  });
  return atStartAndEnd(kept, {
    keyOf: (line) => keys.get(line),
    isStart: ({ value }) => getString(value, 'type') === 'item.started' && !SAID.has(kindOf(itemOf(value))),
    asStart: ({ value }) => (isObject(value) ? { ...value, type: 'item.started' } : value),
  });
}

function itemNodes(item: JsonObject, isStart: boolean, reading: SessionReading): LineRead {
  const kind = kindOf(item);
  const failed = getString(item, 'status') === 'failed' || isCode(get(item, 'exit_code'));
  const called = (name: string, args: unknown, given: unknown): LineRead =>
    callNodes(item, { name, args, given: isStart ? undefined : given, failed, isShown: kind === 'file_change' }, reading);
  switch (kind) {
    case 'agent_message':
    case 'assistant_message':
      return says({ role: 'assistant', content: get(item, 'text') }, reading);
    case 'reasoning':
      return says({ role: 'assistant', content: '', reasoning_content: get(item, 'text') }, reading);
    case 'command_execution':
      return called('shell', { command: get(item, 'command') }, get(item, 'aggregated_output'));
    case 'file_change':
      return called('apply_patch', { changes: get(item, 'changes') }, get(item, 'status'));
    case 'mcp_tool_call': {
      const name = [getString(item, 'server'), getString(item, 'tool')].filter((word) => word !== undefined).join('.');
      return called(name === '' ? 'mcp' : name, get(item, 'arguments') ?? {}, get(item, 'error') ?? get(item, 'result'));
    }
    case 'web_search':
      return called('web_search', { query: get(item, 'query') }, undefined);
    case 'todo_list':
      // One item is the plan of a whole turn: each change is a call, which has no id of its own.
      return says(callOf(undefined, 'update_plan', { items: getList(item, 'items') ?? [] }), reading);
    case 'error':
      reading.status ??= getString(item, 'message');
      return kind;
    default:
      return null;
  }
}

function isCode(code: unknown): boolean {
  return typeof code === 'number' && code !== 0;
}

/** What is said until a result comes or a turn ends is one turn of the model. */
function says(message: JsonObject, reading: SessionReading): readonly SessionNode[] {
  return follows(reading.event(message, true), { reply: turnOf(reading) });
}

function callOf(id: string | undefined, name: string, args: unknown): JsonObject {
  return { role: 'assistant', content: '', tool_calls: [{ ...(id === undefined ? {} : { id }), name, arguments: args }] };
}

interface Call {
  readonly name: string;
  readonly args: unknown;
  readonly given: unknown;
  readonly failed: boolean;
  /** What the model wrote for it is in none of the events. */
  readonly isShown: boolean;
}

/** A call where it is told first, and what it gave where the event tells. */
function callNodes(item: JsonObject, { name, args, given, failed, isShown }: Call, reading: SessionReading): LineRead {
  const id = getId(item, 'id');
  const thread = Number(reading.memory.get('thread') ?? 0);
  const isNew = isNewCall(reading, id === undefined ? undefined : `${thread} ${id}`);
  const call = isNew ? says(callOf(id, name, args), reading) : [];
  if (isNew && isShown)
    addNote(reading.notes, { code: 'shown-call', expected: 'what the model wrote for a call', found: 'what was shown of it' });
  if (given === undefined || given === null) return isNew ? call : 'superseded';
  endTurn(reading);
  const content = typeof given === 'string' ? given : isObject(given) ? resultText(given) : (toJson(given) ?? '');
  const result = { role: 'tool', tool_call_id: id, name, content, ...(failed ? { is_error: true } : {}) };
  return [...call, ...follows(reading.event(result))];
}

/** The texts of an answer of a server of tools, else its JSON. */
function resultText(given: JsonObject): string {
  const texts = (getList(given, 'content') ?? []).flatMap((block) => getString(block, 'text') ?? []);
  return getString(given, 'message') ?? (texts.length > 0 ? texts.join('\n') : (toJson(given) ?? ''));
}
