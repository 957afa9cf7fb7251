/**
 * The alternatives that a server logged beside a token. The normal form keeps bounds on the entropy of them and no more; whoever looks
 * at one token reads them from the reply that the texts came with, for as long as that rollout is held.
 */
import type { LoggedTokens } from '../core/model/rollout.ts';
import { get, getList, isObject } from './json.ts';

export interface Alternative {
  readonly text: string;
  /** Nats. */
  readonly logprob: number;
}

/** Texts or ids of a reply -> the choice that they are of, and how many of them come before what was sampled. */
const choices = new WeakMap<object, { readonly choice: unknown; readonly before: number }>();

export function rememberChoice(tokens: readonly string[] | Int32Array, choice: unknown): void {
  choices.set(tokens, { choice, before: 0 });
}

/** The ids stand in `whole` behind `before` others. */
export function rememberWithin(ids: Int32Array, whole: Int32Array, before: number): void {
  const known = choices.get(ids);
  if (known !== undefined) choices.set(whole, { choice: known.choice, before });
}

/** Of the token `at` of those that were logged, as logged; empty where there are none. */
export function alternativesAt({ texts, ids }: LoggedTokens, at: number): readonly Alternative[] {
  const { choice, before } = choiceOf(ids ?? texts);
  return alternativesIn(choice, at - before);
}

/** How the log spells the sampled token `at`; undefined: it does not. */
export function loggedText({ texts, ids }: LoggedTokens, at: number): string | undefined {
  if (ids === undefined) return texts?.[at];
  const { choice, before } = choiceOf(ids);
  const own = at - before;
  const logprobs = get(choice, 'logprobs');
  const content = getList(logprobs, 'content') ?? getList(logprobs, 'refusal') ?? (Array.isArray(logprobs) ? logprobs : undefined);
  const sglang = getList(get(choice, 'meta_info'), 'output_token_logprobs')?.[own];
  return [
    get(content?.[own], 'token'),
    getList(logprobs, 'tokens')?.[own],
    Array.isArray(sglang) ? (sglang as unknown[])[2] : undefined,
    get(getList(get(choice, 'details'), 'tokens')?.[own], 'text'),
  ].find((text) => typeof text === 'string');
}

function choiceOf(tokens: object | undefined): { readonly choice: unknown; readonly before: number } {
  return (tokens && choices.get(tokens)) ?? { choice: undefined, before: 0 };
}

function alternativesIn(choice: unknown, at: number): readonly Alternative[] {
  const logprobs = get(choice, 'logprobs');
  const content = getList(logprobs, 'content') ?? getList(logprobs, 'refusal') ?? (Array.isArray(logprobs) ? logprobs : undefined);
  if (content !== undefined) return listed(getList(content[at], 'top_logprobs'), 'token');
  const legacy = getList(logprobs, 'top_logprobs')?.[at];
  if (isObject(legacy)) return Object.entries(legacy).flatMap(([text, logprob]) => alternative(text, logprob));
  const sglang = getList(get(choice, 'meta_info'), 'output_top_logprobs')?.[at];
  if (Array.isArray(sglang))
    return sglang.flatMap((row: unknown) => {
      const [logprob, id, text]: readonly unknown[] = Array.isArray(row) ? row : [];
      return alternative(typeof text === 'string' ? text : `⟨${String(id)}⟩`, logprob);
    });
  return listed(getList(get(choice, 'details'), 'top_tokens')?.[at], 'text');
}

function listed(rows: unknown, name: string): Alternative[] {
  return Array.isArray(rows) ? rows.flatMap((row: unknown) => alternative(get(row, name), get(row, 'logprob'))) : [];
}

function alternative(text: unknown, logprob: unknown): Alternative[] {
  return typeof text === 'string' && typeof logprob === 'number' ? [{ text, logprob }] : [];
}
