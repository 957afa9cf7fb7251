/** What the log says of one token beyond its log-prob: by its place among logged ids, else by bytes, as its tokens need not be ours. */
import type { RolloutEvent } from '../../core/model/rollout.ts';
import { marksOf, plainText, ROLE_WORD } from '../../core/tokens/template.ts';
import { byteLength, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import { alternativesAt, loggedText } from '../../formats/alternatives.ts';
import type { TokenAlternatives } from '../answers/transcript.ts';

/** @param at token of the event, whose ids the log holds. Null where the log has no alternatives for it. */
export function loggedAlternatives({ tokens }: RolloutEvent, at: number): TokenAlternatives | null {
  const alternatives = tokens === undefined ? [] : alternativesAt(tokens, at).toSorted((a, b) => b.logprob - a.logprob);
  if (tokens === undefined || alternatives.length === 0) return null;
  return { text: loggedText(tokens, at) ?? `⟨${tokens.ids?.[at]}⟩`, logprob: tokens.logprobs?.[at] ?? NaN, alternatives };
}

/**
 * @param ids of the event's tokens, as the plain template made them. @param at token of the event
 * Null where the log has none for it.
 */
export function tokenAlternatives(event: RolloutEvent, ids: readonly number[], at: number, tokenizer: Tokenizer): TokenAlternatives | null {
  const texts = event.tokens?.texts;
  if (event.tokens === undefined || texts === undefined) return null;
  const { start, separator } = marksOf(tokenizer);
  const header = start.length + tokenizer.encode(ROLE_WORD[event.role]).length + separator.length;
  const content = event.parts.map(plainText).join('');
  const place = content.indexOf(texts.join(''));
  if (at < header || place < 0) return null;
  let rest = -byteLength(content.slice(0, place));
  for (let i = header; i < at; i++) rest += tokenizer.bytes(ids[i] ?? 0)?.length ?? 0;
  if (rest < 0) return null;
  let own = 0;
  for (; own < texts.length; own++) {
    const bytes = byteLength(texts[own] ?? '');
    if (rest < bytes) break;
    rest -= bytes;
  }
  const text = texts[own];
  const alternatives = alternativesAt(event.tokens, own).toSorted((a, b) => b.logprob - a.logprob);
  return text === undefined || alternatives.length === 0 ? null : { text, logprob: event.tokens.logprobs?.[own] ?? NaN, alternatives };
}
