/** Branches of a rollout whose log holds, for each model call, the ids of its whole prompt and of its completion. */
import { TextHash } from '../base/hash.ts';
import type { Branch, LoggedTokens, NumberFault, RolloutEvent } from '../core/model/rollout.ts';
import { rememberChoice, rememberWithin } from './alternatives.ts';
import { chainCalls } from './calls.ts';
import { type MessageRun, blank, cutCompletion, cutMessages, replyParts, saysNothing } from './chatml-ids.ts';
import { defined } from './envelope.ts';
import type { Complaint } from './format.ts';
import { callIds, completionIds, firstChoice, loggedFromChoice, type CallIds } from './logprobs.ts';
import { contextEvent, partsOfRuns } from './run-texts.ts';

export interface LoggedCall {
  /** Where the call's reply stands in the rollout's messages. */
  readonly at: number;
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
  /** Parallel to `completion`. */
  readonly logprobs?: ArrayLike<number>;
  readonly entropyLow?: ArrayLike<number>;
  readonly entropyHigh?: ArrayLike<number>;
  readonly faults?: readonly NumberFault[];
}

/** The call behind a server's reply that holds the ids of its prompt and of its completion; null where one is missing. */
export function callOfReply(at: number, reply: unknown, notes: Complaint[]): LoggedCall | null {
  const ids = callIds(reply, notes);
  return ids === null ? null : withLogged(at, ids, reply);
}

/**
 * The call behind a reply whose prompt the log does not have at all: its own ids are all that there is. Where the prompt is there and its
 * ids are not, the two cannot be put together: those of the reply are noted.
 */
export function callOfAnswer(at: number, reply: unknown, notes: Complaint[]): LoggedCall | null {
  const call = callOfReply(at, reply, notes);
  const completion = call === null ? completionIds(reply) : null;
  if (completion === null) return call;
  if (at === 0) return withLogged(at, { prompt: new Int32Array(0), completion }, reply);
  const logged = loggedFromChoice(reply);
  const unplaced = logged?.texts?.every((text) => text === '') === true ? ', with log-probs that have no text' : '';
  const found = `those of the reply alone, ${completion.length.toLocaleString('en')}; left out${unplaced}`;
  notes.push({ code: 'token-ids', expected: 'token ids of the prompt as well', found });
  return null;
}

function withLogged(at: number, ids: CallIds, reply: unknown): LoggedCall {
  const logged = loggedFromChoice(reply);
  if (logged?.logprobs?.length !== ids.completion.length) return { at, ...ids };
  const { logprobs, entropyLow, entropyHigh, faults } = logged;
  if (entropyLow !== undefined) rememberChoice(ids.completion, firstChoice(reply));
  return { at, ...ids, ...defined({ logprobs, entropyLow, entropyHigh, faults }) };
}

/**
 * One branch per chain of calls. The ids are the truth and tile each branch; `messages` (the rollout's messages in
 * the order of the log, replies included, each once) lend their texts. Where the ids show other messages than the
 * log tells of, they stay without text.
 */
export function branchesOfCalls(messages: readonly RolloutEvent[], calls: readonly LoggedCall[]): Branch[] {
  const seen = new Map<string, RolloutEvent>();
  return chainCalls(calls).map(({ links, cause }) => {
    const events: RolloutEvent[] = [];
    let told = 0;
    let isChatml = false;
    for (const { call: k, from } of links) {
      const call = calls[k]!;
      const runs = cutMessages(call.prompt, from);
      isChatml ||= runs !== null;
      const between = messages.slice(told, call.at);
      const opening = runs === null ? pushWhole(events, call.prompt, from, between) : pushRuns(events, call.prompt, runs, between, seen);
      events.push(reply(messages[call.at], call, opening, isChatml));
      told = call.at + 1;
    }
    return cause === undefined ? { events } : { events, cause };
  });
}

/** The new part of a prompt as one event, where its ids cannot be read. Returns the prompt's end. */
function pushWhole(events: RolloutEvent[], prompt: Int32Array, from: number, told: readonly RolloutEvent[]): number {
  if (from === prompt.length) return from;
  const parts = told.flatMap((event) => event.parts);
  const role = told.at(-1)?.role ?? 'user';
  events.push({ role, sampled: false, parts: parts.length > 0 ? parts : [blank('user')], tokens: { ids: prompt.subarray(from) } });
  return prompt.length;
}

/**
 * An event per message. Returns where the opening of the reply begins (the prompt's end if there is none). `seen`:
 * messages of earlier branches by place and ids, so that a message which a rewritten history shows again keeps its text.
 */
function pushRuns(
  events: RolloutEvent[],
  prompt: Int32Array,
  runs: readonly MessageRun[],
  told: readonly RolloutEvent[],
  seen: Map<string, RolloutEvent>,
): number {
  const parts = partsOfRuns(runs, told);
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]!;
    if (run.open) return run.start;
    const ids = prompt.subarray(run.start, run.end);
    const key = placeKey(run.start, ids);
    const event = seen.get(key) ?? contextEvent(run, ids, parts[i]!);
    seen.set(key, event);
    events.push(event);
  }
  return prompt.length;
}

function placeKey(start: number, ids: Int32Array): string {
  const hash = new TextHash();
  for (let i = 0; i < ids.length; i++) hash.addNumber(ids[i]!);
  return `${start} ${ids.length} ${hash.digest()}`;
}

function reply(message: RolloutEvent | undefined, call: LoggedCall, opening: number, isChatml: boolean): RolloutEvent {
  const scaffold = call.prompt.length - opening;
  const parts = message?.parts ?? [];
  const empty = message?.parts.length === 0 && (!isChatml || saysNothing(call.completion));
  return {
    role: 'assistant',
    sampled: true,
    parts: isChatml ? replyParts(cutCompletion(call.completion), parts, scaffold) : parts,
    tokens: replyTokens(call, opening, scaffold),
    ...defined({
      time: message?.time,
      seconds: message?.seconds,
      waited: message?.waited,
      policy: message?.policy,
      truncated: message?.truncated,
      empty: empty ? (true as const) : undefined,
    }),
  };
}

function replyTokens(call: LoggedCall, opening: number, scaffold: number): LoggedTokens {
  const { logprobs, entropyLow, entropyHigh, faults } = call;
  const pad = (values: ArrayLike<number> | undefined): Float64Array | undefined => {
    if (values === undefined) return undefined;
    const padded = new Float64Array(scaffold + values.length).fill(Number.NaN);
    padded.set(values, scaffold);
    return padded;
  };
  const ids = new Int32Array(scaffold + call.completion.length);
  ids.set(call.prompt.subarray(opening));
  ids.set(call.completion, scaffold);
  rememberWithin(call.completion, ids, scaffold);
  return {
    ids,
    ...(scaffold > 0 ? { mask: new Uint8Array(ids.length).fill(1, scaffold) } : {}),
    ...defined({ logprobs: pad(logprobs), entropyLow: pad(entropyLow), entropyHigh: pad(entropyHigh), faults }),
  };
}
