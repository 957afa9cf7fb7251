/**
 * SWE-agent trajectories (`.traj`): `history` is the conversation, `trajectory` the steps; from 1.1 on, each step holds
 * its `query`, the exact prompt. Before that, history processors may have shortened what the model saw, and the log
 * cannot tell. https://swe-agent.com/latest/usage/trajectories/
 */
import type { Branch, Rollout } from '../core/model/rollout.ts';
import { chainCalls } from './calls.ts';
import { accept, defined, positionId, readTaskId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, toNumber, isObject, parseJson, toJson } from './json.ts';
import { isMarkedUntrained, readMessages, readReward } from './messages.ts';
import { roleOf } from './roles.ts';
import { readSubmission } from './submission.ts';
import { asObservation, commandOf, instanceOf, withInlineCall } from './swe-shared.ts';
import { taskOf } from './task-key.ts';

export const sweAgent: Format = {
  id: 'swe-agent',
  label: 'SWE-agent trajectories',
  beats: ['mini-swe-agent', 'prompt-completion', 'chat'],
  detects: (record) => isTrajectory(record) || isUnbegun(record) || (getList(record, 'attempts') ?? []).some(isTrajectory),
  decode(record, context) {
    const attempts = (getList(record, 'attempts') ?? []).filter(isTrajectory);
    if (isUnbegun(record))
      return [
        refuse(
          'empty',
          'a message in history or a step in trajectory',
          `neither, with exit status ${getString(get(record, 'info'), 'exit_status') ?? 'unknown'}`,
        ),
      ];
    if (attempts.length === 0) return [decodeTrajectory(record, record, positionId(context), context)];
    return attempts.map((attempt, i) => decodeTrajectory(attempt, record, `${positionId(context)}.${i}`, context));
  },
};

function isTrajectory(record: unknown): boolean {
  const history = getList(record, 'history') ?? [];
  if (history.length === 0) return hasPrompts(record) && (isObject(get(record, 'info')) || typeof get(record, 'environment') === 'string');
  const marks = ['agent', 'message_type', 'is_demo', 'thought'];
  return history.every((entry) => typeof get(entry, 'role') === 'string') && marks.some((key) => get(history.at(-1), key) !== undefined);
}

/** A run that ended before the model was asked anything. */
function isUnbegun(record: unknown): boolean {
  return getList(record, 'history')?.length === 0 && getList(record, 'trajectory')?.length === 0 && isObject(get(record, 'info'));
}

/** Steps with their exact prompts hold the conversation, too. */
function hasPrompts(record: unknown): boolean {
  const steps = getList(record, 'trajectory') ?? [];
  return steps.length > 0 && steps.every((step) => typeof get(step, 'response') === 'string' && (getList(step, 'query') ?? []).length > 0);
}

function decodeTrajectory(record: unknown, whole: unknown, id: string, context: RecordContext): Decoded {
  const history = getList(record, 'history') ?? [];
  if ((history.length === 0 && !hasPrompts(record)) || !history.every(isObject))
    return refuseShape('a list of messages at history', record);
  const notes: Complaint[] = [];
  const steps = (getList(record, 'trajectory') ?? []).filter(isObject);
  const read = readQueries(steps, history, notes) ?? readHistory(history, notes);
  if ('complaint' in read) return { ok: false, complaint: read.complaint };
  const info = getObject(record, 'info') ?? getObject(whole, 'info');
  const reward = readReward(get(record, 'resolved') ?? get(info, 'resolved') ?? get(record, 'reward') ?? get(info, 'reward'));
  const rollout: Rollout = {
    id,
    ...taskOf(read.branches[0]?.events ?? [], readTaskId(whole) ?? problemOf(get(whole, 'replay_config')) ?? instanceOf(context)),
    reward: reward?.reward ?? null,
    branches: withToolSeconds(read.branches, steps),
    ...defined({ rewardParts: reward?.parts, status: getString(info, 'exit_status'), submission: readSubmission({ info }) }),
  };
  return accept(rollout, notes);
}

/** A step says how long its command ran, not when: where there is a reply for each, its first result took that. */
function withToolSeconds(branches: readonly Branch[], steps: readonly JsonObject[]): readonly Branch[] {
  const [branch] = branches;
  const replies = branch?.events.filter(({ sampled }) => sampled).length;
  if (branch === undefined || branches.length > 1 || replies !== steps.length) return branches;
  let step = -1;
  let isTold = true;
  const events = branch.events.map((event) => {
    if (event.sampled) {
      step++;
      isTold = false;
      return event;
    }
    const seconds = toNumber(get(steps[step], 'execution_time'));
    if (isTold || event.role === 'assistant' || seconds === undefined) return event;
    isTold = true;
    return { ...event, seconds };
  });
  return [{ ...branch, events }];
}

type BranchesRead = { readonly branches: readonly Branch[] } | { readonly complaint: Complaint };

function readHistory(history: readonly JsonObject[], notes: Complaint[]): BranchesRead {
  return readConversation(
    history,
    history.map((message) => isReply(message) && !isMarkedUntrained(message)),
    notes,
  );
}

/**
 * One branch per chain of calls whose prompts go on from one another, by the text of their messages. Null where not
 * every step holds its prompt.
 */
function readQueries(steps: readonly JsonObject[], history: readonly JsonObject[], notes: Complaint[]): BranchesRead | null {
  const queries = steps.map((step) => getList(step, 'query')?.filter(isObject) ?? []);
  const known = queries.filter((query) => query.length > 0).length;
  if (known === 0) return null;
  if (known < steps.length) {
    notes.push({ code: 'query', expected: `the prompt of each of ${steps.length} steps`, found: `${known}; the history is used` });
    return null;
  }
  const logged = history.filter((message) => isReply(message) && !isMarkedUntrained(message));
  const isComplete = logged.length === steps.length;
  const replies = steps.map((step, k): JsonObject =>
    isComplete ? logged[k]! : { role: 'assistant', content: getString(step, 'response') ?? '', action: get(step, 'action') },
  );
  const keys = new Map<string, number>();
  const intern = (message: JsonObject): number => {
    const key = messageKey(message, isComplete);
    if (!keys.has(key)) keys.set(key, keys.size);
    return keys.get(key)!;
  };
  const chains = chainCalls(queries.map((query, k) => ({ prompt: query.map(intern), completion: [intern(replies[k]!)] })));
  const branches: Branch[] = [];
  for (const { links, cause } of chains) {
    const messages: JsonObject[] = [];
    const sampled: boolean[] = [];
    for (const { call, from } of links) {
      for (const message of queries[call]!.slice(from)) {
        messages.push(message);
        sampled.push(false);
      }
      messages.push(replies[call]!);
      sampled.push(true);
    }
    const read = readConversation(messages, sampled, notes);
    if ('complaint' in read) return read;
    for (const branch of read.branches) branches.push({ ...branch, ...defined({ cause }) });
  }
  return { branches };
}

function readConversation(messages: readonly JsonObject[], sampled: readonly boolean[], notes: Complaint[]): BranchesRead {
  const read = readMessages(messages.map(asChat), { name: 'history', notes, sampled: (_, __, i) => sampled[i] === true });
  if (!read.ok) return { complaint: read.complaint };
  let action: string | undefined;
  let replied = false;
  const events = read.events.map((event, i) => {
    const message = messages[i]!;
    if (event.role === 'assistant') {
      const own = getString(message, 'action');
      if (!isMarkedUntrained(message)) {
        replied = true;
        action = own;
      }
      return withInlineCall(event, own, commandOf(own) ?? 'bash');
    }
    return event.role === 'user' && replied ? asObservation(event, commandOf(action), false) : event;
  });
  return { branches: [{ events }] };
}

function isReply(message: JsonObject): boolean {
  return roleOf(get(message, 'role')) === 'assistant';
}

/** Ids of answered calls stand in a list, and thoughts of the model in blocks. */
function asChat(message: JsonObject): JsonObject {
  const callId = getId({ id: getList(message, 'tool_call_ids')?.[0] }, 'id');
  const thoughts = (getList(message, 'thinking_blocks') ?? []).flatMap((block) => getString(block, 'thinking') ?? []);
  return {
    ...message,
    ...(callId === undefined ? {} : { tool_call_id: callId }),
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n') }),
  };
}

/** Role, text and (where the replies have them) calls; cache marks and ids do not count. */
function messageKey(message: JsonObject, withCalls: boolean): string {
  const content = get(message, 'content');
  const texts = Array.isArray(content) ? content.map((part) => getString(part, 'text') ?? '').join('') : content;
  const calls = withCalls ? (getList(message, 'tool_calls') ?? []).map((call) => get(call, 'function')) : [];
  return toJson([get(message, 'role'), texts ?? '', calls]) ?? '';
}

/** `replay_config` is JSON text in most versions. */
function problemOf(value: unknown): string | undefined {
  const parsed = typeof value === 'string' ? parseJson(value) : null;
  const config = parsed === null ? value : parsed.ok ? parsed.value : undefined;
  const problem = getObject(config, 'problem_statement');
  return getId(problem, 'instance_id', 'id');
}
