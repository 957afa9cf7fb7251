/**
 * Trajectories of trae-agent: calls of the model that hold what is new in each, and the steps around them.
 * https://github.com/bytedance/trae-agent (docs/TRAJECTORY_RECORDING.md)
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getId, getList, getObject, getString, isObject, toJson, type JsonObject } from './json.ts';
import { branchesOfMessages, type MessageCall } from './message-calls.ts';
import { nameResults, readMessages, readTime } from './messages.ts';
import { addUsage } from './session.ts';
import { taskOf } from './task-key.ts';

export const traeAgent: Format = {
  id: 'trae-agent',
  label: 'trae-agent trajectories',
  beats: ['chat'],
  detects: (record) =>
    isObject(record) && getList(record, 'llm_interactions') !== undefined && getList(record, 'agent_steps') !== undefined,
  decode: (record, context) => [decodeTrajectory(record, context)],
};

function decodeTrajectory(record: unknown, context: RecordContext): Decoded {
  const steps = getList(record, 'agent_steps') ?? [];
  const logged = getList(record, 'llm_interactions') ?? [];
  // A run that was ended early may have its steps alone.
  const calls = logged.length > 0 ? logged : steps.flatMap(asCall);
  if (calls.length === 0) return refuse('empty', 'a call of the model at llm_interactions or agent_steps', 'none');
  const notes: Complaint[] = [];
  const usage: Record<string, number> = {};
  const tasks: MessageCall[] = [];
  let prompt: RolloutEvent[] = [];
  let said: RolloutEvent[] = [];
  for (const [index, call] of calls.entries()) {
    const response = getObject(call, 'response');
    const input = getList(call, 'input_messages');
    if (input === undefined || response === undefined) {
      notes.push({ code: 'step', expected: `input_messages and a response in call ${index}`, found: `${describe(call)}; left out` });
      continue;
    }
    const read = readMessages(input.map(messageOf), { name: `input_messages of call ${index}`, notes, sampled: () => false });
    const wrote = readMessages([replyOf(response, get(call, 'timestamp'))], { name: `response of call ${index}`, notes });
    if (!read.ok) return { ok: false, complaint: read.complaint };
    if (!wrote.ok) return { ok: false, complaint: wrote.complaint };
    addUsage(usage, getObject(response, 'usage'));
    // A call that begins with what the system says holds its whole prompt: the agent began anew, or its recorder repeats all.
    if (said.length === 0 || read.events[0]?.role === 'system') {
      if (said.length > 0) tasks.push({ prompt, reply: said });
      prompt = read.events;
      said = wrote.events;
    } else for (const event of [...read.events, ...wrote.events]) said.push(event);
  }
  if (said.length > 0) tasks.push({ prompt, reply: [...said, ...lastResults(steps, [...prompt, ...said], notes)] });
  if (tasks.length === 0) return refuse('empty', 'a call of the model with input_messages and a response', `${calls.length} without`);
  const branches = branchesOfMessages(tasks).map((branch) => ({ ...branch, events: nameResults(branch.events) }));
  const success = get(record, 'success');
  const task = getString(record, 'task');
  const entry = accept(
    {
      id: getId(record, 'id', 'session_id') ?? positionId(context),
      ...taskOf(branches[0]?.events ?? [], task),
      reward: null,
      branches,
      ...defined({
        // That the agent ended by itself is no verdict of a test.
        status: typeof success !== 'boolean' ? undefined : success ? 'success' : 'failed',
        policy: getString(record, 'model'),
        startedAt: readTime(get(record, 'start_time')),
      }),
    },
    notes,
  );
  return entry.ok ? { ...entry, fields: { ...scalarsOf(record), calls: calls.length, usage } } : entry;
}

function scalarsOf(record: unknown): JsonObject {
  const { task: _task, final_result: _result, ...rest } = isObject(record) ? record : {};
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== 'object'));
}

function asCall(step: unknown): unknown[] {
  const response = getObject(step, 'llm_response');
  return response === undefined ? [] : [{ input_messages: get(step, 'llm_messages') ?? [], response, timestamp: get(step, 'timestamp') }];
}

function messageOf(message: unknown): unknown {
  const result = getObject(message, 'tool_result');
  if (result !== undefined) return resultOf(result);
  const call = getObject(message, 'tool_call');
  return isObject(message) && call !== undefined
    ? { ...message, content: get(message, 'content') ?? '', tool_calls: [callOf(call)] }
    : message;
}

/** What failed says so in `error`, beside what it printed. */
function resultOf(result: JsonObject): JsonObject {
  const texts = [get(result, 'result'), get(result, 'error')].filter((text) => text !== undefined && text !== null && text !== '');
  return {
    role: 'tool',
    tool_call_id: get(result, 'call_id'),
    ...(getString(result, 'name') === undefined ? {} : { name: get(result, 'name') }),
    content: texts.map((text) => (typeof text === 'string' ? text : (toJson(text) ?? ''))).join('\n'),
    ...(get(result, 'success') === false ? { is_error: true } : {}),
  };
}

function callOf(call: unknown): JsonObject {
  return { id: get(call, 'call_id') ?? get(call, 'id'), name: get(call, 'name'), arguments: get(call, 'arguments') ?? {} };
}

function replyOf(response: JsonObject, timestamp: unknown): JsonObject {
  const calls = getList(response, 'tool_calls') ?? [];
  return {
    role: 'assistant',
    content: get(response, 'content') ?? '',
    timestamp,
    ...(getString(response, 'finish_reason') === undefined ? {} : { finish_reason: get(response, 'finish_reason') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(callOf) }),
  };
}

/** What the calls of the last turn gave, which no later call of the model tells. */
function lastResults(steps: readonly unknown[], events: readonly RolloutEvent[], notes: Complaint[]): readonly RolloutEvent[] {
  const parts = events.flatMap((event) => event.parts);
  const open = new Set(parts.flatMap(({ kind, callId }) => (kind === 'call' && callId !== undefined ? [callId] : [])));
  for (const { kind, callId } of parts) if (kind === 'result' && callId !== undefined) open.delete(callId);
  const results = (getList(steps.at(-1), 'tool_results') ?? []).filter((result) => open.has(getString(result, 'call_id') ?? ''));
  const read = readMessages(
    results.flatMap((result) => (isObject(result) ? [resultOf(result)] : [])),
    { name: 'tool_results', notes },
  );
  return read.ok ? read.events : [];
}
