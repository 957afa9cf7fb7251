/** Branches of a rollout whose log holds, for each model call, the ids of its whole prompt and of its completion. */
import type { Branch, LoggedTokens, RolloutEvent } from '../core/model.ts';
import { chainCalls } from './calls.ts';
import { type MessageRun, blank, cutCompletion, cutMessages, fitParts } from './chatml-ids.ts';
import { defined } from './envelope.ts';
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
}

/**
 * One branch per chain of calls. The ids are the truth and tile each branch; `messages` (the rollout's messages in
 * the order of the log, replies included, each once) lend their texts. Where the ids show other messages than the
 * log tells of, they stay without text.
 */
export function branchesOfCalls(messages: readonly RolloutEvent[], calls: readonly LoggedCall[]): Branch[] {
  return chainCalls(calls).map(({ links, cause }) => {
    const events: RolloutEvent[] = [];
    let seen = 0;
    let family = false;
    for (const { call: k, from } of links) {
      const call = calls[k]!;
      const runs = cutMessages(call.prompt, from);
      family ||= runs !== null;
      const told = messages.slice(seen, call.at);
      const opening = pushPrompt(events, call.prompt, from, runs, told);
      events.push(reply(messages[call.at], call, opening, family));
      seen = call.at + 1;
    }
    return cause === undefined ? { events } : { events, cause };
  });
}

/** Events for the new part of a prompt. Returns where the opening of the reply begins (the prompt's end if none). */
function pushPrompt(
  events: RolloutEvent[], prompt: Int32Array, from: number, runs: readonly MessageRun[] | null,
  told: readonly RolloutEvent[],
): number {
  if (from === prompt.length) return from;
  if (runs === null) {
    const parts = told.flatMap((event) => event.parts);
    const role = told.at(-1)?.role ?? 'user';
    events.push({
      role, sampled: false,
      parts: parts.length > 0 ? parts : [blank(role === 'system' ? 'system' : 'user')],
      tokens: { ids: prompt.subarray(from) },
    });
    return prompt.length;
  }
  const parts = partsOfRuns(runs, told);
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]!;
    if (run.open) return run.start;
    events.push(contextEvent(run, prompt.subarray(run.start, run.end), parts[i]!));
  }
  return prompt.length;
}

function reply(message: RolloutEvent | undefined, call: LoggedCall, opening: number, family: boolean): RolloutEvent {
  const scaffold = call.prompt.length - opening;
  const parts = message?.parts ?? [];
  const fitted = family ? fitParts(cutCompletion(call.completion), parts) : parts;
  const known = fitted.length > 0 ? fitted : [{ ...blank('text'), tokenCount: call.completion.length }];
  return {
    role: 'assistant', sampled: true,
    parts: scaffold > 0 ? [{ ...blank('scaffold'), tokenCount: scaffold }, ...known] : known,
    tokens: replyTokens(call, opening, scaffold),
    ...defined({ time: message?.time, policy: message?.policy }),
  };
}

function replyTokens(call: LoggedCall, opening: number, scaffold: number): LoggedTokens {
  const { logprobs, entropyLow, entropyHigh } = call;
  const pad = (values: ArrayLike<number> | undefined): Float64Array | undefined => {
    if (values === undefined) return undefined;
    const padded = new Float64Array(scaffold + values.length).fill(Number.NaN);
    padded.set(values, scaffold);
    return padded;
  };
  const ids = new Int32Array(scaffold + call.completion.length);
  ids.set(call.prompt.subarray(opening));
  ids.set(call.completion, scaffold);
  return {
    ids,
    ...(scaffold > 0 ? { mask: new Uint8Array(ids.length).fill(1, scaffold) } : {}),
    ...defined({ logprobs: pad(logprobs), entropyLow: pad(entropyLow), entropyHigh: pad(entropyHigh) }),
  };
}
