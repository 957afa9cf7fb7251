/**
 * Branches of a rollout whose log holds, for each model call, the messages of its whole prompt and its reply. A call whose prompt begins
 * with an earlier call's prompt and reply goes on from there; otherwise it begins a branch of its own, so that a history which was
 * compacted, rewritten or asked anew is never joined over the difference.
 */
import { MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { chainCalls, type Chain } from './calls.ts';
import { defined } from './envelope.ts';
import { manyMessages } from './expansion.ts';
import type { Complaint } from './format.ts';
import { type JsonObject, get, getList, getString, isObject, parseJson, toJson } from './json.ts';
import { type MessageRules, type MessagesRead, nameResults, readMessage, type Timing } from './messages.ts';
import { roleOf } from './roles.ts';

export interface ChatCall<Message = unknown> {
  /** As chat messages; untrusted. */
  readonly prompt: readonly Message[];
  /** One chat message; a server's log-probs stand at its `logprobs`, or where `rules.reply` finds them. */
  readonly reply: JsonObject;
  /** Messages that the log has behind the reply, such as results of its calls: a call goes on from here where its prompt has them too. */
  readonly tail?: readonly unknown[];
  /** Why it begins a branch, should it not go on from an earlier call: in place of what the messages show. */
  readonly cause?: string;
  /** Version of the policy, where calls differ in it. */
  readonly policy?: string;
  /** When the reply was made. */
  readonly timing?: Timing;
}

export type ChatBranches =
  { readonly ok: true; readonly branches: readonly Branch[] } | { readonly ok: false; readonly complaint: Complaint };

type ChatRules = Pick<MessageRules, 'notes' | 'name' | 'reply' | 'timing'>;

/**
 * @param calls in the order they were made
 * @param last the conversation as it stood at the end: what of it goes on from a branch, such as results of the last calls, is added there
 */
export function branchesOfChatCalls(calls: readonly ChatCall[], last: readonly unknown[], rules: ChatRules): ChatBranches {
  const intern = makeIntern();
  const chains = chainsOf(calls, intern);
  const ending = last.map(intern);
  const branches: Branch[] = [];
  const known: KnownMessages = new Map();
  let isEnded = false;
  let written = 0;
  for (const { links, cause } of chains) {
    const said: Said[] = [];
    for (const { call, from } of links) for (const one of saidIn(calls[call]!, from)) said.push(one);
    const end = calls[links.at(-1)?.call ?? 0]!;
    const own = saidIn(end, 0).map(({ message }) => intern(message));
    if (!isEnded && ending.length > own.length && own.every((key, i) => key === ending[i])) {
      isEnded = true;
      for (const message of last.slice(own.length)) said.push({ message, by: null });
    }
    written += said.length;
    if (written > MAX_ROLLOUT_MESSAGES) return { ok: false, complaint: manyMessages() };
    const read = readSaid(said, rules, known);
    if (!read.ok) return read;
    const told = cause === undefined ? undefined : (calls[links[0]?.call ?? 0]?.cause ?? cause);
    branches.push({ events: read.events, ...defined({ cause: told }) });
  }
  return { ok: true, branches };
}

/** The messages of all calls in their order, each once, for `branchesOfCalls`. `at`: call -> where its reply stands among them. */
export function messagesOfChatCalls(
  calls: readonly ChatCall[],
  rules: ChatRules,
): Extract<ChatBranches, { ok: false }> | { readonly ok: true; readonly events: readonly RolloutEvent[]; readonly at: readonly number[] } {
  const from = new Map(chainsOf(calls, makeIntern()).flatMap(({ links }) => links.map((link) => [link.call, link.from] as const)));
  const said: Said[] = [];
  const at = calls.map((call, k) => {
    for (const one of saidIn(call, from.get(k) ?? 0)) said.push(one);
    return said.length - 1 - (call.tail?.length ?? 0);
  });
  const read = readSaid(said, rules);
  return read.ok ? { ...read, at } : read;
}

interface Said {
  readonly message: unknown;
  /** The call that it is the reply of. */
  readonly by: ChatCall | null;
}

/** What is new of a call's prompt, its reply, and what is known to follow that. */
function saidIn(call: ChatCall, from: number): Said[] {
  return [
    ...call.prompt.slice(from).map((message) => ({ message, by: null })),
    { message: call.reply, by: call },
    ...(call.tail ?? []).map((message) => ({ message, by: null })),
  ];
}

/** Messages that no model call is the author of here: they may stand in several branches, and are read once. */
type KnownMessages = Map<unknown, RolloutEvent>;

function readSaid(said: readonly Said[], rules: ChatRules, known: KnownMessages = new Map()): MessagesRead {
  const events: RolloutEvent[] = [];
  for (const [i, { message, by }] of said.entries()) {
    const before = by === null ? known.get(message) : undefined;
    if (before !== undefined) {
      events.push(before);
      continue;
    }
    const read = readMessage(message, i, i === said.length - 1, { ...rules, sampled: () => by !== null });
    if (!read.ok) return read;
    if (by === null) known.set(message, read.event);
    events.push(by === null ? read.event : { ...read.event, ...defined({ policy: by.policy }), ...by.timing });
  }
  return { ok: true, events: nameResults(events) };
}

function chainsOf(calls: readonly ChatCall[], intern: (message: unknown) => number): Chain[] {
  return chainCalls(
    calls.map(({ prompt, reply, tail = [] }) => ({ prompt: prompt.map(intern), completion: [reply, ...tail].map(intern) })),
  );
}

function makeIntern(): (message: unknown) => number {
  const keys = new Map<string, number>();
  const known = new Map<unknown, number>();
  return (message) => {
    const seen = known.get(message);
    if (seen !== undefined) return seen;
    const key = messageKey(message);
    const number = keys.get(key) ?? keys.size;
    keys.set(key, number);
    known.set(message, number);
    return number;
  };
}

/** What makes two messages one: role, text, and calls by tool and arguments. Ids are random and reasoning is often not sent again. */
function messageKey(message: unknown): string {
  const calls = getList(message, 'tool_calls') ?? [];
  const role = roleOf(get(message, 'role')) ?? null;
  return toJson([role, textOf(get(message, 'content')), calls.map(callKey)]) ?? '';
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content.trim();
  const texts = (Array.isArray(content) ? content : []).map((part: unknown) => {
    const type = getString(part, 'type');
    if (type === 'reasoning' || type === 'thinking' || type === 'redacted_thinking') return '';
    if (typeof part === 'string') return part;
    return getString(part, 'text') ?? textOf(get(part, 'content'));
  });
  return texts.join('').trim();
}

function callKey(call: unknown): unknown {
  const inner = get(call, 'function');
  const named = isObject(inner) ? inner : call;
  const given = get(named, 'arguments') ?? get(named, 'input');
  const parsed = typeof given === 'string' ? parseJson(given) : null;
  return [typeof inner === 'string' ? inner : get(named, 'name'), parsed?.ok ? parsed.value : given];
}
