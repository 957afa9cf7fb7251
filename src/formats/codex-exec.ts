/**
 * Events of `codex exec --json`: a thread, its turns, and items that start and are completed. The prompt is in none of them.
 * https://github.com/openai/codex/blob/main/docs/exec.md
 */
import type { LogLine } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isObject, toJson } from './json.ts';
import { follows, sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

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
  settle: lastOfEach,
  line(value, reading) {
    const item = itemOf(value);
    if (item !== undefined) return itemNodes(item, reading);
    const type = getString(value, 'type') ?? '';
    reading.learn('session', get(value, 'thread_id'));
    reading.spend(get(value, 'usage'));
    if (type === 'turn.failed' || type === 'error') reading.status = getString(getObject(value, 'error') ?? value, 'message') ?? 'failed';
    return /^(?:thread|turn)\.\w+$|^error$/.test(type) ? type : null;
  },
});

/** Of the events of an item the last counts, at the place of the first: one that ended, where the run was not broken off. */
function lastOfEach(lines: readonly LogLine[]): readonly LogLine[] {
  let threads = 0;
  const keys = lines.map(({ value }) => {
    if (getString(value, 'type') === 'thread.started') threads++;
    const id = getId(itemOf(value), 'id');
    return id === undefined ? undefined : `${threads} ${id}`;
  });
  const last = new Map<string, LogLine>();
  lines.forEach((line, i) => {
    const key = keys[i];
    if (key !== undefined) last.set(key, line);
  });
  return lines.flatMap((line, i) => {
    const key = keys[i];
    if (key === undefined) return [line];
    const found = last.get(key);
    last.delete(key);
    return found === undefined ? [] : [found];
  });
}

function itemNodes(item: JsonObject, reading: SessionReading): LineRead {
  const kind = getString(item, 'type') ?? getString(item, 'item_type') ?? '';
  const failed = getString(item, 'status') === 'failed' || isCode(get(item, 'exit_code'));
  switch (kind) {
    case 'agent_message':
    case 'assistant_message':
      return says({ role: 'assistant', content: get(item, 'text') }, reading);
    case 'reasoning':
      return says({ role: 'assistant', content: '', reasoning_content: get(item, 'text') }, reading);
    case 'command_execution':
      return called(item, 'shell', { command: get(item, 'command') }, get(item, 'aggregated_output'), failed, reading);
    case 'file_change':
      return called(item, 'apply_patch', { changes: get(item, 'changes') }, get(item, 'status'), failed, reading);
    case 'mcp_tool_call': {
      const name = [getString(item, 'server'), getString(item, 'tool')].filter((word) => word !== undefined).join('.');
      return called(
        item,
        name === '' ? 'mcp' : name,
        get(item, 'arguments') ?? {},
        get(item, 'error') ?? get(item, 'result'),
        failed,
        reading,
      );
    }
    case 'web_search':
      return called(item, 'web_search', { query: get(item, 'query') }, undefined, failed, reading);
    case 'todo_list':
      return called(item, 'update_plan', { items: getList(item, 'items') ?? [] }, undefined, failed, reading);
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

/** What is said until a result comes is one turn. */
function says(message: JsonObject, reading: SessionReading): readonly SessionNode[] {
  return follows(reading.event(message, true), { reply: `${Number(reading.memory.get('turn') ?? 0)}` });
}

/** A call, and what it gave where the event tells. */
function called(item: JsonObject, name: string, args: unknown, given: unknown, failed: boolean, reading: SessionReading): LineRead {
  const id = getId(item, 'id');
  const call = says({ role: 'assistant', content: '', tool_calls: [{ id, name, arguments: args }] }, reading);
  if (given === undefined || given === null) return call;
  reading.memory.set('turn', Number(reading.memory.get('turn') ?? 0) + 1);
  const content = typeof given === 'string' ? given : isObject(given) ? resultText(given) : (toJson(given) ?? '');
  const result = { role: 'tool', tool_call_id: id, name, content, ...(failed ? { is_error: true } : {}) };
  return [...call, ...follows(reading.event(result))];
}

/** The texts of an answer of a server of tools, else its JSON. */
function resultText(given: JsonObject): string {
  const texts = (getList(given, 'content') ?? []).flatMap((block) => getString(block, 'text') ?? []);
  return getString(given, 'message') ?? (texts.length > 0 ? texts.join('\n') : (toJson(given) ?? ''));
}
