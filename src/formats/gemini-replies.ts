/**
 * Replies of the Gemini API, whole or as the chunks of a stream, each of which holds what is new.
 * https://ai.google.dev/api/generate-content
 */
import { get, getList, getNumber, getObject, getString, isObject, type JsonObject } from './json.ts';

function candidatesOf(reply: unknown): readonly unknown[] {
  return getList(reply, 'candidates') ?? [];
}

/** Why a candidate ended; undefined in the chunks before its last. Python writes the name with an underscore. */
export function geminiFinish(candidate: unknown): string | undefined {
  return getString(candidate, 'finishReason') ?? getString(candidate, 'finish_reason');
}

/** A chunk of a stream is like a whole reply. */
export function isGemini(value: unknown): boolean {
  return candidatesOf(value).some(
    (candidate) => getList(get(candidate, 'content'), 'parts') !== undefined || geminiFinish(candidate) !== undefined,
  );
}

export function endsGemini(value: unknown): boolean {
  return candidatesOf(value).some((candidate) => geminiFinish(candidate) !== undefined);
}

/** By their ids; where they have none, what follows an end is another reply. */
export function opensGemini(event: unknown, before: unknown, isDone: boolean): boolean {
  const [own, last] = [event, before].map((each) => getString(each, 'responseId') ?? getString(each, 'response_id'));
  return own === undefined || last === undefined ? isDone : own !== last;
}

/** What the chunks of one reply come to: of each candidate all parts, and of all else what was said last. */
export function foldGemini(chunks: readonly unknown[]): Record<string, unknown> {
  let reply: Record<string, unknown> = {};
  const candidates = new Map<number, JsonObject>();
  const parts = new Map<number, JsonObject[]>();
  for (const chunk of chunks) {
    if (isObject(chunk)) reply = { ...reply, ...chunk };
    for (const [at, candidate] of candidatesOf(chunk).entries()) {
      if (!isObject(candidate)) continue;
      const index = getNumber(candidate, 'index') ?? at;
      const own = parts.get(index) ?? [];
      parts.set(index, own);
      for (const part of getList(get(candidate, 'content'), 'parts') ?? []) addPart(own, part);
      const before = candidates.get(index);
      const content = { role: 'model', ...getObject(before, 'content'), ...getObject(candidate, 'content'), parts: own };
      candidates.set(index, { ...before, ...candidate, content, ...joinedLogprobs(before, candidate) });
    }
  }
  return { ...reply, candidates: [...candidates.values()] };
}

/** A text goes on where what it follows is text of its kind. */
function addPart(parts: JsonObject[], given: unknown): void {
  const part = isObject(given) ? given : { unknown: given };
  const before = parts.at(-1);
  const [text, said] = [getString(part, 'text'), getString(before, 'text')];
  if (text === undefined || said === undefined || (get(part, 'thought') === true) !== (get(before, 'thought') === true)) parts.push(part);
  else parts[parts.length - 1] = { ...before, ...part, text: said + text };
}

const LISTS = ['chosenCandidates', 'topCandidates'] as const;

function joinedLogprobs(before: unknown, candidate: JsonObject): JsonObject {
  const [first, next] = [getObject(before, 'logprobsResult'), getObject(candidate, 'logprobsResult')];
  if (first === undefined || next === undefined) return first === undefined ? {} : { logprobsResult: first };
  return { logprobsResult: Object.fromEntries(LISTS.map((key) => [key, [...(getList(first, key) ?? []), ...(getList(next, key) ?? [])]])) };
}

/** Log-probs as chat completions have them; undefined where there are none. */
export function geminiLogged(candidate: unknown): unknown {
  const result = getObject(candidate, 'logprobsResult');
  const tops = getList(result, 'topCandidates') ?? [];
  const content = (getList(result, 'chosenCandidates') ?? []).map((chosen, i) => ({
    token: get(chosen, 'token'),
    id: get(chosen, 'tokenId'),
    logprob: get(chosen, 'logProbability'),
    top_logprobs: (getList(tops[i], 'candidates') ?? []).map((other) => ({ logprob: get(other, 'logProbability') })),
  }));
  return content.length === 0 ? undefined : { choices: [{ logprobs: { content } }] };
}
