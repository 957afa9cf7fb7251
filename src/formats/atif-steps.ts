/** Steps of one ATIF trajectory as chat messages, and the model calls among them whose token ids are logged. */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, type LoggedCall } from './call-branches.ts';
import { defined } from './envelope.ts';
import type { Complaint } from './format.ts';
import { type JsonObject, get, getList, getObject, getString, isObject } from './json.ts';
import { readMessages } from './messages.ts';
import { alignToMask, faultNote, readIds } from './per-token.ts';

export type StepsRead = { readonly ok: true; readonly branches: readonly Branch[] } | { readonly ok: false; readonly complaint: Complaint };

/** A message with what its step says of it. */
interface Said {
  readonly message: JsonObject;
  readonly sampled: boolean;
  /** Of a reply: numbers of the call. */
  readonly metrics?: JsonObject;
  /** A note of the harness, which stands for what it took out of the model's sight. */
  readonly isSummary?: boolean;
}

/** One branch, or by the ids of prompts and completions as many as these show. @param cause of the first, where another comes before */
export function readSteps(trajectory: JsonObject, notes: Complaint[], cause?: string): StepsRead {
  const steps = (getList(trajectory, 'steps') ?? []).filter(isObject);
  let isBegun = false;
  const said = steps.flatMap((step) => {
    const messages = messagesOf(step, isBegun);
    isBegun ||= get(step, 'source') === 'agent';
    return messages;
  });
  const read = readMessages(
    said.map(({ message }) => message),
    { name: 'steps', notes, sampled: (_, __, i) => said[i]?.sampled === true },
  );
  if (!read.ok) return read;
  const events = read.events.map((event, i): RolloutEvent =>
    said[i]?.isSummary === true ? { ...event, parts: event.parts.map((part) => ({ ...part, kind: 'summary' as const })) } : event,
  );
  const calls = callsOf(said, notes);
  const branches = calls === null ? [{ events }] : branchesOfCalls(events, calls);
  return { ok: true, branches: branches.map((branch, i) => (i === 0 && cause !== undefined ? { ...branch, cause } : branch)) };
}

/** What was copied from another trajectory, and what no model was asked for, is context. */
function messagesOf(step: JsonObject, isBegun: boolean): Said[] {
  const source = getString(step, 'source');
  const content = get(step, 'message') ?? '';
  const results = (getList(getObject(step, 'observation'), 'results') ?? []).filter(
    (result) => isObject(result) && get(result, 'content') !== undefined,
  );
  const time = defined({ timestamp: get(step, 'timestamp') });
  const said: Said[] = [];
  if (source === 'agent') {
    const calls = (getList(step, 'tool_calls') ?? []).map((call) => ({
      id: get(call, 'tool_call_id'),
      function: { name: get(call, 'function_name') ?? get(call, 'name'), arguments: get(call, 'arguments') },
    }));
    said.push({
      message: {
        role: 'assistant',
        content,
        ...defined({ reasoning_content: getString(step, 'reasoning_content'), tool_calls: calls.length === 0 ? undefined : calls }),
        ...time,
      },
      sampled: get(step, 'is_copied_context') !== true && get(step, 'llm_call_count') !== 0,
      ...defined({ metrics: getObject(step, 'metrics') }),
    });
  } else said.push({ message: { role: source ?? 'user', content, ...time }, sampled: false, isSummary: source === 'system' && isBegun });
  for (const result of results)
    said.push({
      message: { role: 'tool', content: get(result, 'content') ?? '', ...defined({ tool_call_id: get(result, 'source_call_id') }) },
      sampled: false,
    });
  return said;
}

/** Null where not every call has the ids of its prompt and completion: then texts are all there is of the others. */
function callsOf(said: readonly Said[], notes: Complaint[]): LoggedCall[] | null {
  const calls: LoggedCall[] = [];
  let sampled = 0;
  for (const [at, { sampled: isSampled, metrics }] of said.entries()) {
    if (!isSampled) continue;
    sampled++;
    const prompt = readIds(get(metrics, 'prompt_token_ids'));
    const completion = readIds(get(metrics, 'completion_token_ids'));
    if (prompt === null || completion === null) continue;
    const aligned = alignToMask(get(metrics, 'logprobs'), new Uint8Array(completion.length).fill(1));
    if (aligned?.ok === false)
      notes.push({ code: 'logprobs', expected: `${completion.length} log-probs, one for each id`, found: aligned.found });
    if (aligned?.ok === true && aligned.fault) notes.push(faultNote(aligned.fault, 'logprobs'));
    calls.push({ at, prompt, completion, ...(aligned?.ok === true ? { logprobs: aligned.values } : {}) });
  }
  if (calls.length === sampled && sampled > 0) return calls;
  if (calls.length > 0)
    notes.push({ code: 'token-ids', expected: `ids of all ${sampled} model calls`, found: `of ${calls.length}; texts are used` });
  return null;
}
