/**
 * Agent Lightning archives: `{rollout, events, resources}` per line. Of several attempts the one that succeeded counts; each
 * `model_request` is a call with its whole prompt, its reply whole or as a list of streamed chunks.
 * https://github.com/microsoft/agent-lightning
 */
import type { Branch } from '../core/model/rollout.ts';
import { branchesOfCalls, callOfReply, type LoggedCall } from './call-branches.ts';
import { branchesOfChatCalls, messagesOfChatCalls, type ChatCall } from './chat-calls.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import { foldChat } from './fold-chat.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, get, getId, getList, getObject, getString, isList, type JsonObject } from './json.ts';
import { firstChoice } from './logprobs.ts';
import { readTime, readTiming } from './messages.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

export const agentLightning: Format = {
  id: 'agent-lightning',
  label: 'Agent Lightning archive',
  detects: (record) => getId(get(record, 'rollout'), 'rollout_id') !== undefined && getList(record, 'events') !== undefined,
  decode: (record, context) => [decodeRollout(record, context)],
};

function decodeRollout(record: unknown, context: RecordContext): Decoded {
  const rollout = get(record, 'rollout');
  const all = getList(record, 'events') ?? [];
  const attempt = getId(rollout, 'succeeded_attempt_id') ?? getId(all.at(-1), 'attempt_id');
  const events = all.filter((event) => getId(event, 'attempt_id') === attempt);
  const requests = events.filter((event) => getString(event, 'event_type') === 'model_request');
  const [first] = requests.map((event) => get(event, 'data'));
  if (requests.length === 0)
    return refuse('no-request', 'at least one model_request in the attempt that counts', `${all.length} other events`);
  const notes: Complaint[] = [];
  const others = new Set(all.map((event) => getId(event, 'attempt_id'))).size - 1;
  if (others > 0) notes.push({ code: 'attempts', expected: 'one attempt', found: `${others} more, which did not succeed; left out` });
  const branches = readCalls(requests, notes);
  if (!isList(branches)) return { ok: false, complaint: branches };
  const rewards = events
    .filter((event) => getString(event, 'event_type') === 'reward')
    .map((event) => asLogged(get(get(event, 'data'), 'value')));
  const request = get(first, 'request');
  const reply = replyOf(first);
  return accept(
    {
      id: getId(rollout, 'rollout_id') ?? positionId(context),
      ...taskOf(branches[0]?.events ?? []),
      reward: rewards.at(-1) ?? null,
      ...defined({
        status: getString(rollout, 'status'),
        policy: getId(get(first, 'server'), 'version'),
        startedAt: readTime(get(rollout, 'created_at')),
        tools: readTools([request]),
        tokenizer: getString(reply, 'model'),
      }),
      branches,
    },
    notes,
  );
}

function replyOf(data: unknown): unknown {
  const response = get(data, 'response');
  return isList(response) ? foldChat(response) : response;
}

/** One branch per chain of calls: by their ids where all have those of prompt and completion, else by their messages. */
function readCalls(events: readonly unknown[], notes: Complaint[]): readonly Branch[] | Complaint {
  const calls: ChatCall[] = [];
  const logged: LoggedCall[] = [];
  const replies = new Map<JsonObject, unknown>();
  for (const event of events) {
    const data = get(event, 'data');
    const reply = replyOf(data);
    const message = getObject(firstChoice(reply), 'message');
    if (message === undefined) continue;
    const said = { role: 'assistant', ...message };
    replies.set(said, { choices: [firstChoice(reply)] });
    const prompt = getList(get(data, 'request'), 'messages') ?? [];
    // The event is written once the reply is there, which says to the second when it was begun.
    const timing = readTiming(get(reply, 'created'), get(event, 'timestamp'));
    calls.push({ prompt, reply: said, ...defined({ timing, policy: getId(get(data, 'server'), 'version') }) });
    const call = callOfReply(0, reply, notes);
    if (call !== null) logged.push(call);
  }
  if (calls.length === 0) return { code: 'no-reply', expected: 'a message in a reply', found: 'none' };
  if (calls.length < events.length)
    notes.push({
      code: 'no-reply',
      expected: 'a message in the reply to each request',
      found: `none in ${events.length - calls.length} of ${events.length}, which are left out`,
    });
  const rules = { notes, reply: (message: JsonObject) => replies.get(message) ?? message };
  if (logged.length < calls.length) {
    const made = branchesOfChatCalls(calls, [], rules);
    return made.ok ? made.branches : made.complaint;
  }
  const told = messagesOfChatCalls(calls, rules);
  if (!told.ok) return told.complaint;
  return branchesOfCalls(
    told.events,
    logged.map((call, k) => ({ ...call, at: told.at[k]! })),
  );
}
