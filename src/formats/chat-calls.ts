/**
 * Branches of a rollout whose log holds, for each model call, the messages of its whole prompt and its reply. A call whose prompt begins
 * with an earlier call's prompt and reply goes on from there; otherwise it begins a branch of its own, so that a history which was
 * compacted, rewritten or asked anew is never joined over the difference.
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { chainCalls } from './calls.ts';
import { defined } from './envelope.ts';
import type { Complaint } from './format.ts';
import { type JsonObject, get, getList, getString, isObject, parseJson, toJson } from './json.ts';
import { type MessageRules, readMessages } from './messages.ts';
import { roleOf } from './roles.ts';

export interface ChatCall {
  /** As chat messages. */
  readonly prompt: readonly JsonObject[];
  /** One chat message; a server's log-probs stand at its `logprobs`. */
  readonly reply: JsonObject;
  /** Why it begins a branch, should it not go on from an earlier call: in place of what the messages show. */
  readonly cause?: string;
  /** Version of the policy, where calls differ in it. */
  readonly policy?: string;
  /** Seconds since the epoch. */
  readonly time?: number;
}

export type ChatBranches =
  { readonly ok: true; readonly branches: readonly Branch[] } | { readonly ok: false; readonly complaint: Complaint };

/**
 * @param calls in the order they were made
 * @param last the conversation as it stood at the end: what of it goes on from a branch, such as results of the last calls, is added there
 */
export function branchesOfChatCalls(
  calls: readonly ChatCall[],
  last: readonly JsonObject[],
  rules: Pick<MessageRules, 'notes' | 'name'>,
): ChatBranches {
  const keys = new Map<string, number>();
  const known = new Map<JsonObject, number>();
  const intern = (message: JsonObject): number => {
    const seen = known.get(message);
    if (seen !== undefined) return seen;
    const key = messageKey(message);
    const number = keys.get(key) ?? keys.size;
    keys.set(key, number);
    known.set(message, number);
    return number;
  };
  const prompts = calls.map(({ prompt }) => prompt.map(intern));
  const replies = calls.map(({ reply }) => intern(reply));
  const ending = last.map(intern);
  const branches: Branch[] = [];
  let isEnded = false;
  for (const { links, cause } of chainCalls(prompts.map((prompt, k) => ({ prompt, completion: [replies[k] ?? -1] })))) {
    const messages: JsonObject[] = [];
    const callOf: (ChatCall | null)[] = [];
    for (const { call, from } of links) {
      const made = calls[call];
      if (made === undefined) continue;
      for (const message of made.prompt.slice(from)) {
        messages.push(message);
        callOf.push(null);
      }
      messages.push(made.reply);
      callOf.push(made);
    }
    const end = links.at(-1)?.call ?? 0;
    const own = [...(prompts[end] ?? []), replies[end]];
    if (!isEnded && ending.length > own.length && own.every((key, i) => key === ending[i])) {
      isEnded = true;
      for (const message of last.slice(own.length)) {
        messages.push(message);
        callOf.push(null);
      }
    }
    const read = readMessages(messages, { ...rules, sampled: (_, __, i) => callOf[i] !== null });
    if (!read.ok) return read;
    const events = read.events.map((event, i): RolloutEvent => {
      const made = callOf[i] ?? null;
      return made === null ? event : { ...event, ...defined({ policy: made.policy, time: event.time ?? made.time }) };
    });
    const told = cause === undefined ? undefined : (calls[links[0]?.call ?? 0]?.cause ?? cause);
    branches.push({ events, ...defined({ cause: told }) });
  }
  return { ok: true, branches };
}

/** What makes two messages one: role, text, and calls by tool and arguments. Ids are random and reasoning is often not sent again. */
function messageKey(message: JsonObject): string {
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
