/**
 * Recorded sessions of Anthropic's managed agents: lines of `[call, payload]`, whose events are sent to a session or come from it.
 * https://docs.anthropic.com
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { get, getId, getList, getObject, getString, isList, type JsonObject } from './json.ts';
import { readMessages, readTime } from './messages.ts';
import { makeTally } from './session.ts';
import { oneLine } from './together.ts';
import { normalTools } from './tools.ts';

/** Events that tell of the session and of its calls, and what a person does in it other than to say something. */
const ASIDE = /^(?:session|span)\.|^user\.(?:interrupt|tool_confirmation)$/;
const EXPECTED = 'a call of the sessions of managed agents, or an event of one';

function callOf(value: unknown): string {
  return isList(value) && typeof value[0] === 'string' ? value[0] : '';
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const notes: Complaint[] = [];
  const tally = makeTally(lines.length);
  const messages: JsonObject[] = [];
  let session: unknown;
  let idle: string | undefined;
  for (const line of lines) {
    const call = callOf(line.value);
    const payload: unknown = isList(line.value) ? line.value[1] : undefined;
    const type = getString(payload, 'type') ?? '';
    if (call.endsWith('sessions.create')) session = payload;
    idle = getString(getObject(payload, 'stop_reason'), 'type') ?? idle;
    const message = call.endsWith('events.stream') ? messageOf(payload) : undefined;
    if (message !== undefined) messages.push({ ...message, timestamp: get(payload, 'processed_at') });
    // What is sent comes back in the stream.
    else if (call !== '' && !call.endsWith('events.stream')) tally.aside(call.slice(call.lastIndexOf('sessions.')));
    else if (ASIDE.test(type)) tally.aside(type);
    else tally.lost(line, EXPECTED, type === '' ? undefined : `an event of type ${type}`);
  }
  const { faults } = tally;
  const agent = getObject(session, 'agent');
  const system = getString(agent, 'system');
  const all = system === undefined ? messages : [{ role: 'system', content: system }, ...messages];
  const read = readMessages(joined(all), { name: 'events', notes });
  if (!read.ok) return { rollouts: [{ ok: false, complaint: read.complaint }], faults };
  if (read.events.length === 0) return { rollouts: [refuse('empty', 'messages of a session', 'none')], faults };
  const custom = (getList(agent, 'tools') ?? []).filter((tool) => getString(tool, 'name') !== undefined);
  const rollout = singleRollout(
    {
      id: getId(session, 'id') ?? positionId(context),
      reward: null,
      ...defined({
        status: idle,
        policy: getString(getObject(agent, 'model'), 'id'),
        startedAt: readTime(get(session, 'created_at')),
        tools: normalTools(custom),
      }),
    },
    read.events,
  );
  const entry = accept(rollout, notes);
  return { rollouts: [entry.ok ? { ...entry, fields: tally.fields() } : entry], faults };
}

function messageOf(event: unknown): JsonObject | undefined {
  const type = getString(event, 'type') ?? '';
  if (type === 'user.message') return { role: 'user', content: get(event, 'content') };
  if (type === 'agent.message') return { role: 'assistant', content: get(event, 'content') };
  if (type === 'agent.thinking') return { role: 'assistant', content: '', reasoning_content: getString(event, 'thinking') ?? '' };
  if (/^agent\.\w*tool_use$/.test(type))
    return {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: get(event, 'id'), name: get(event, 'name'), arguments: get(event, 'input') }],
    };
  if (/^(?:user|agent)\.\w*tool_result$/.test(type)) {
    const id = getId(event, 'custom_tool_use_id', 'tool_use_id', 'mcp_tool_use_id');
    return { role: 'tool', tool_call_id: id, content: get(event, 'content'), is_error: get(event, 'is_error') };
  }
  return undefined;
}

/** Calls that follow one another without a result between them are one turn. */
function joined(messages: readonly JsonObject[]): JsonObject[] {
  const turns: JsonObject[] = [];
  for (const message of messages) {
    const before = turns.at(-1);
    const calls = getList(message, 'tool_calls');
    if (before?.['role'] !== 'assistant' || calls === undefined) turns.push(message);
    else turns[turns.length - 1] = { ...before, tool_calls: [...(getList(before, 'tool_calls') ?? []), ...calls] };
  }
  return turns;
}

export const managedAgents: Format = {
  id: 'managed-agents',
  label: 'Sessions of managed agents',
  detects: (record) => /\bsessions\.(?:create|events\.\w+)$/.test(callOf(record)),
  decode: oneLine(together),
  together,
};
