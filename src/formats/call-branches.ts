/** Branches of a rollout whose log holds, for each model call, the ids of its whole prompt and of its completion. */
import type { Branch, LoggedTokens, Part, Role, RolloutEvent } from '../core/model.ts';
import { chainCalls } from './calls.ts';
import { type KindRun, type MessageRun, blank, cutCompletion, cutMessages, fitParts } from './chatml-ids.ts';

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
  const texts = new Texts(runs, told);
  for (const run of runs) {
    if (run.open) return run.start;
    const ids = prompt.subarray(run.start, run.end);
    if (run.results.length > 0) {
      events.push({ role: 'tool', sampled: false, parts: texts.results(run.results), tokens: { ids } });
    } else if (run.role === 'assistant') {
      const parts = fitParts(cutCompletion(ids), texts.message('assistant'));
      events.push({ role: 'assistant', sampled: false, parts, tokens: { ids } });
    } else {
      const [first = blank(run.role === 'system' ? 'system' : 'user'), ...others] = texts.message(run.role);
      const parts = [{ ...first, tokenCount: ids.length }, ...others.map((part) => ({ ...part, tokenCount: 0 }))];
      events.push({ role: run.role, sampled: false, parts, tokens: { ids } });
    }
  }
  return prompt.length;
}

function reply(message: RolloutEvent | undefined, call: LoggedCall, opening: number, family: boolean): RolloutEvent {
  const scaffold = call.prompt.length - opening;
  const parts = message?.parts ?? [];
  const fitted = family ? fitParts(cutCompletion(call.completion), parts) : parts;
  const known = fitted.length > 0 ? fitted : [{ ...blank('text'), tokenCount: call.completion.length }];
  const event = {
    role: 'assistant', sampled: true,
    parts: scaffold > 0 ? [{ kind: 'scaffold', text: '', tokenCount: scaffold } as const, ...known] : known,
    tokens: replyTokens(call, opening, scaffold),
  } as const;
  return {
    ...event,
    ...(message?.time === undefined ? {} : { time: message.time }),
    ...(message?.policy === undefined ? {} : { policy: message.policy }),
  };
}

function replyTokens(call: LoggedCall, opening: number, scaffold: number): LoggedTokens {
  const { logprobs, entropyLow, entropyHigh } = call;
  const pad = (values: ArrayLike<number>): Float64Array => {
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
    ...(logprobs === undefined ? {} : { logprobs: pad(logprobs) }),
    ...(entropyLow === undefined ? {} : { entropyLow: pad(entropyLow) }),
    ...(entropyHigh === undefined ? {} : { entropyHigh: pad(entropyHigh) }),
  };
}

/** The logged messages of a prompt by role, handed out in order to the messages that its ids show. */
class Texts {
  readonly #byRole = new Map<Role, (readonly Part[])[]>();
  readonly #results: Part[];

  constructor(runs: readonly MessageRun[], told: readonly RolloutEvent[]) {
    for (const role of ['system', 'user', 'assistant'] as const) {
      const logged = told.filter((event) => event.role === role).map((event) => event.parts);
      const shown = runs.filter((run) => run.role === role && run.results.length === 0 && !run.open).length;
      this.#byRole.set(role, logged.length === shown ? logged : []);
    }
    const results = told.flatMap((event) => event.parts.filter((part) => part.kind === 'result'));
    const shown = runs.reduce((sum, run) => sum + run.results.length, 0);
    this.#results = results.length === shown ? results : [];
  }

  message(role: Role): readonly Part[] {
    return this.#byRole.get(role)?.shift() ?? [];
  }

  results(runs: readonly KindRun[]): Part[] {
    return runs.map(({ start, end }) => ({ ...(this.#results.shift() ?? blank('result')), tokenCount: end - start }));
  }
}
