/** Sessions of Qwen Code (`~/.qwen/tmp/<project>/chats/<session>.jsonl`): lines that name the line before them, in Gemini's contents. */
import { partMessages } from './gemini-content.ts';
import { type JsonObject, get, getList, getObject, getString } from './json.ts';
import { sessionFormat, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

const TYPES = new Set(['user', 'assistant', 'tool_result', 'system']);

export const qwenCode = sessionFormat({
  id: 'qwen-code',
  label: 'Qwen Code sessions',
  beats: ['claude-code', 'chat'],
  expected: 'a line of a Qwen Code session: user, assistant, tool_result or system',
  detects(line) {
    if (!TYPES.has(getString(line, 'type') ?? '') || getString(line, 'sessionId') === undefined) return false;
    return getString(line, 'type') === 'system'
      ? getString(line, 'subtype') !== undefined && getObject(line, 'systemPayload') !== undefined
      : getList(getObject(line, 'message'), 'parts') !== undefined;
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    if (!TYPES.has(type)) return null;
    learn(value, reading);
    const parent = get(value, 'parentUuid');
    const chain = { id: getString(value, 'uuid'), parent: typeof parent === 'string' || parent === null ? parent : undefined };
    if (type === 'system') return systemNodes(value, chain, reading);
    const parts = getList(getObject(value, 'message'), 'parts');
    if (parts === undefined) return null;
    const timestamp = get(value, 'timestamp');
    const failed = getString(getObject(value, 'toolCallResult'), 'status') === 'error' ? { is_error: true } : {};
    const sampled = type === 'assistant';
    if (sampled) reading.spend(get(value, 'usageMetadata'));
    const events = partMessages(sampled ? type : 'user', parts).map((message) =>
      reading.event({ ...message, ...(message['role'] === 'tool' ? failed : {}), timestamp }, sampled && message['role'] === type),
    );
    // What comes next names the line, which is the last of what it holds.
    return events.map((event, i) => ({
      id: i === events.length - 1 ? chain.id : undefined,
      parent: i === 0 ? chain.parent : undefined,
      event,
    }));
  },
});

function learn(value: JsonObject, reading: SessionReading): void {
  reading.learn('session', get(value, 'sessionId'));
  reading.learn('cwd', get(value, 'cwd'));
  reading.learn('branch', get(value, 'gitBranch'));
  reading.learn('version', get(value, 'version'));
  if (getString(value, 'type') === 'assistant') reading.learn('model', get(value, 'model'));
}

/** Where the history was compressed, what took its place. */
function systemNodes(value: JsonObject, chain: Pick<SessionNode, 'id' | 'parent'>, reading: SessionReading): readonly SessionNode[] {
  const payload = getObject(value, 'systemPayload');
  const history = getList(payload, 'compressedHistory');
  if (history === undefined) return [{ ...chain, event: null }];
  const own = chain.id ?? 'history';
  const nodes: SessionNode[] = [{ id: `${own} cut`, parent: null, event: null, cut: 'compaction' }];
  for (const [i, content] of history.entries()) {
    const role = getString(content, 'role') === 'model' ? 'assistant' : 'user';
    for (const [m, message] of partMessages(role, getList(content, 'parts')).entries())
      nodes.push({ id: `${own} ${i}.${m}`, parent: nodes.at(-1)?.id, event: reading.event(message, false) });
  }
  return [...nodes, { id: chain.id, parent: nodes.at(-1)?.id, event: null }];
}
