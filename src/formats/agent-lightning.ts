/**
 * Agent Lightning archives: `{rollout, events, resources}` per line. Of several attempts the one that succeeded counts; each
 * `model_request` is a call with its whole prompt, its reply whole or as a list of streamed chunks.
 * https://github.com/microsoft/agent-lightning
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, callOfReply, type LoggedCall } from './call-branches.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import { foldChat } from './fold-chat.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, get, getId, getList, getString, isList, isObject } from './json.ts';
import { firstChoice, loggedFromChoice } from './logprobs.ts';
import { readMessages, readTime } from './messages.ts';
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
  const requests = events.filter((event) => getString(event, 'event_type') === 'model_request').map((event) => get(event, 'data'));
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
  const request = get(requests[0], 'request');
  const reply = replyOf(requests[0]);
  return accept(
    {
      id: getId(rollout, 'rollout_id') ?? positionId(context),
      ...taskOf(branches[0]?.events ?? []),
      reward: rewards.at(-1) ?? null,
      ...defined({
        status: getString(rollout, 'status'),
        policy: getId(get(requests[0], 'server'), 'version'),
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

/** One branch per chain of calls where all have the ids of prompt and completion, else one for each history of messages. */
function readCalls(requests: readonly unknown[], notes: Complaint[]): readonly Branch[] | Complaint {
  const told: RolloutEvent[] = [];
  const calls: LoggedCall[] = [];
  const branches: RolloutEvent[][] = [];
  for (const data of requests) {
    const reply = replyOf(data);
    const policy = getId(get(data, 'server'), 'version');
    const prompt = readMessages(getList(get(data, 'request'), 'messages') ?? [], { notes, sampled: () => false });
    if (!prompt.ok) return prompt.complaint;
    const message = get(firstChoice(reply), 'message');
    const read = readMessages(isObject(message) ? [message] : [], { name: 'choices[0].message', notes });
    if (!read.ok) return read.complaint;
    const [answer] = read.events;
    if (answer === undefined) continue;
    const logged = loggedFromChoice(firstChoice(reply));
    const said: RolloutEvent = { ...answer, ...(logged === null ? {} : { tokens: logged }), ...defined({ policy }) };
    const last = branches.at(-1);
    // A prompt that repeats what was said goes on from there; its new messages follow the reply.
    if (last !== undefined && prompt.events.length >= last.length) {
      const news = prompt.events.slice(last.length);
      for (const event of news) last.push(event);
      last.push(said);
      for (const event of news) told.push(event);
    } else {
      branches.push([...prompt.events, said]);
      for (const event of prompt.events) told.push(event);
    }
    const call = callOfReply(told.length, reply, notes);
    told.push(said);
    if (call !== null) calls.push(call);
  }
  if (calls.length > 0 && calls.length === told.filter(({ sampled }) => sampled).length) return branchesOfCalls(told, calls);
  if (branches.length === 0) return { code: 'no-reply', expected: 'a message in a reply', found: 'none' };
  return branches.map((events, b): Branch => (b === 0 ? { events } : { events, cause: 'rewrite' }));
}
