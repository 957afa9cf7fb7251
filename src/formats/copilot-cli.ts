/** Events of GitHub Copilot CLI (`~/.copilot/session-state/<session>/events.jsonl`), in their order. */
import { type JsonObject, get, getList, getObject, getString, toJson } from './json.ts';
import { sessionFormat, type LineRead, type SessionReading } from './session-format.ts';
import type { SessionNode } from './session-tree.ts';

/** Families of events that hold no message. */
const ABOUT = new Set(
  (
    'session hook tool assistant subagent system skill permission user_input external_tool command model mcp custom_agent ' +
    'elicitation capabilities abort exit_plan_mode'
  ).split(' '),
);
const isAbout = (type: string): boolean => ABOUT.has(type.split('.', 1)[0] ?? '');

export const copilotCli = sessionFormat({
  id: 'copilot-cli',
  label: 'Copilot CLI sessions',
  beats: ['chat'],
  expected: 'an event of a Copilot session: user.message, assistant.message, tool.execution_complete, or about the session',
  detects(line) {
    const type = getString(line, 'type') ?? '';
    return getObject(line, 'data') !== undefined && getString(line, 'id') !== undefined && (type === 'user.message' || isAbout(type));
  },
  line(value, reading) {
    const type = getString(value, 'type') ?? '';
    const data = getObject(value, 'data');
    if (data === undefined || (type !== 'user.message' && !isAbout(type))) return null;
    return eventOf(type, data, get(value, 'timestamp'), chainOf(getString(value, 'id') ?? '', type, data, reading), reading);
  },
});

type Chain = Pick<SessionNode, 'id' | 'parent' | 'lane'>;

/** In the order of the file, which events' parents repeat; a rewind goes back to before an event. Sub-agents have turns of their own. */
function chainOf(id: string, type: string, data: JsonObject, { memory }: SessionReading): Chain {
  const lane = getString(data, 'parentToolCallId');
  if (lane !== undefined) return { id, parent: undefined, lane };
  const last = memory.get('last');
  const back = type === 'session.snapshot_rewind' ? memory.get(`before ${getString(data, 'upToEventId') ?? ''}`) : undefined;
  const parent = back ?? last ?? null;
  if (!memory.has(`before ${id}`)) memory.set(`before ${id}`, last ?? null);
  const own = memory.has(`own ${id}`) ? `${id} ${memory.size}` : id;
  memory.set(`own ${own}`, true);
  memory.set('last', own);
  return { id: own, parent: typeof parent === 'string' ? parent : null };
}

function eventOf(type: string, data: JsonObject, timestamp: unknown, chain: Chain, reading: SessionReading): LineRead {
  const said = (message: JsonObject, sampled: boolean, more: Partial<SessionNode> = {}): LineRead => [
    { ...chain, event: reading.event({ timestamp, ...message }, sampled), ...more },
  ];
  const { memory } = reading;
  if (type === 'user.message') return said({ role: 'user', content: getString(data, 'transformedContent') ?? get(data, 'content') }, false);
  if (type === 'system.message') return said({ role: 'system', content: get(data, 'content') }, false);
  if (type === 'assistant.reasoning') {
    const reply = `thought ${chain.id ?? ''}`;
    memory.set('reply', reply);
    return said({ role: 'assistant', content: '', reasoning_content: get(data, 'content') }, true, { reply });
  }
  if (type === 'assistant.message') {
    reading.learn('model', get(data, 'model'));
    reading.spend({ outputTokens: get(data, 'outputTokens') });
    const reply = memory.get('reply') ?? getString(data, 'messageId');
    memory.delete('reply');
    const calls = (getList(data, 'toolRequests') ?? []).map((call) => ({
      id: get(call, 'toolCallId'),
      name: get(call, 'name'),
      arguments: get(call, 'arguments'),
    }));
    const thought = getString(data, 'reasoningText');
    const message = {
      role: 'assistant',
      content: get(data, 'content'),
      tool_calls: calls,
      ...(thought === undefined ? {} : { reasoning_content: thought }),
    };
    return said(message, true, typeof reply === 'string' ? { reply } : {});
  }
  if (type === 'tool.execution_complete') {
    const result = get(data, 'result') ?? get(data, 'error');
    const content = getString(result, 'content') ?? getString(result, 'message') ?? toJson(result) ?? '';
    const failed = get(data, 'success') === false ? { is_error: true } : {};
    return said({ role: 'tool', content, tool_call_id: get(data, 'toolCallId'), ...failed }, false);
  }
  if (type === 'session.compaction_complete' && getString(data, 'summaryContent') !== undefined)
    return said({ role: 'user', content: get(data, 'summaryContent') }, false, { cut: 'compaction' });
  learn(type, data, reading);
  return [{ ...chain, event: null }];
}

function learn(type: string, data: JsonObject, reading: SessionReading): void {
  const context = getObject(data, 'context');
  if (type === 'session.start') {
    reading.learn('session', get(data, 'sessionId'));
    reading.learn('version', get(data, 'copilotVersion'));
    reading.learn('cwd', get(context, 'cwd'));
    reading.learn('branch', get(context, 'branch'));
  }
  reading.learn('model', type === 'session.model_change' ? get(data, 'newModel') : undefined, get(data, 'selectedModel'));
  if (type === 'abort') reading.status = 'aborted';
  if (type === 'session.shutdown') {
    reading.status ??= getString(data, 'shutdownType');
    reading.spend({ premiumRequests: get(data, 'totalPremiumRequests'), apiDurationMs: get(data, 'totalApiDurationMs') });
  }
}
