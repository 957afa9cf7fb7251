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

/** Texts of a reply -> the choice that they are of. */
const choices = new WeakMap<readonly string[], unknown>();

export function rememberChoice(texts: readonly string[], choice: unknown): void {
  choices.set(texts, choice);
}

/** Of the token `at` of those that were logged, as logged; empty where there are none. */
export function alternativesAt({ texts }: LoggedTokens, at: number): readonly Alternative[] {
  const choice = texts === undefined ? undefined : choices.get(texts);
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
