/** Files of settings: plain JSON, or why it is none. */
import { MAX_NESTING } from '../base/bounds.ts';
import { jsonFault } from '../formats/json-fault.ts';
import { nestingOf, plainJson } from '../formats/nesting.ts';

export type PlainJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export function readPlainJson(text: string): PlainJson {
  const value = plainJson(text);
  if (value !== undefined) return { ok: true, value };
  const levels = nestingOf(text);
  if (levels > MAX_NESTING) return { ok: false, reason: `expected at most ${MAX_NESTING} levels of lists and objects, found ${levels}` };
  return { ok: false, reason: `found ${jsonFault(text)?.message ?? 'a word that JSON does not have'}` };
}
