/** Model calls that are logged one by one, each with its whole prompt as messages: which of them go on from one another. */
import { TextHash } from '../base/hash.ts';
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { chainCalls, type Chain } from './calls.ts';
import { isObject, parseJson, toJson } from './json.ts';

/** One call: what the model read, and what it wrote. */
export interface MessageCall {
  readonly prompt: readonly RolloutEvent[];
  readonly reply: readonly RolloutEvent[];
}

/** Calls in the order they were made, to chains of them. O(messages). */
export function chainsOf(calls: readonly MessageCall[]): Chain[] {
  const numbers = new Map<string, number>();
  const known = new Map<RolloutEvent, number>();
  const intern = (event: RolloutEvent): number => {
    let number = known.get(event);
    if (number === undefined) {
      const key = keyOf(event);
      number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      known.set(event, number);
    }
    return number;
  };
  return chainCalls(calls.map(({ prompt, reply }) => ({ prompt: prompt.map(intern), completion: reply.map(intern) })));
}

/** The events of a chain: what is new of each prompt, and the reply. */
export function eventsOf(chain: Pick<Chain, 'links'>, calls: readonly MessageCall[]): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  for (const { call, from } of chain.links) {
    const { prompt, reply } = calls[call]!;
    for (const event of prompt.slice(from)) events.push(event);
    for (const event of reply) events.push(event);
  }
  return events;
}

/** One branch for each chain. */
export function branchesOfMessages(calls: readonly MessageCall[]): Branch[] {
  return chainsOf(calls).map((chain) => {
    const events = eventsOf(chain, calls);
    return chain.cause === undefined ? { events } : { events, cause: chain.cause };
  });
}

/** Role and words, with calls by name and arguments: ids of calls are others in every request, and so is the order of keys. */
function keyOf({ role, parts, tokens }: RolloutEvent): string {
  const hash = new TextHash();
  hash.add(role);
  for (const { kind, text, tool = '' } of parts) {
    if (text === '' && tool === '') continue;
    hash.add(kind);
    hash.add(kind === 'result' ? '' : tool);
    hash.add(kind === 'call' ? canonical(text) : text);
  }
  const ids = parts.every(({ text }) => text === '') ? tokens?.ids : undefined;
  if (ids) for (let i = 0; i < ids.length; i++) hash.addNumber(ids[i] ?? 0);
  return hash.digest();
}

function canonical(text: string): string {
  const parsed = /^\s*[{[]/.test(text) ? parseJson(text) : null;
  return parsed?.ok ? (toJson(sorted(parsed.value)) ?? text) : text;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => sorted(entry));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
