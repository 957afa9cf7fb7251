/**
 * Replies of the Gemini API, whole or as the chunks of a stream, each of which holds what is new.
 * https://ai.google.dev/api/generate-content
 */
import { gather } from './gather.ts';
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

/** What the chunks of one candidate have come to. */
interface OpenCandidate {
  readonly members: Map<string, unknown>;
  readonly content: Map<string, unknown>;
  readonly parts: Map<string, unknown>[];
  readonly logged: JsonObject[];
}

/** What the chunks of one reply come to: of each candidate all parts, and of all else what was said last. O(chunks). */
export function foldGemini(chunks: readonly unknown[]): Record<string, unknown> {
  const reply = new Map<string, unknown>();
  const candidates = new Map<number, OpenCandidate>();
  for (const chunk of chunks) {
    gather(reply, chunk);
    for (const [at, candidate] of candidatesOf(chunk).entries()) {
      if (!isObject(candidate)) continue;
      const index = getNumber(candidate, 'index') ?? at;
      let open = candidates.get(index);
      if (open === undefined) candidates.set(index, (open = { members: new Map(), content: new Map(), parts: [], logged: [] }));
      gather(open.members, candidate);
      const content = getObject(candidate, 'content');
      gather(open.content, content);
      for (const part of getList(content, 'parts') ?? []) addPart(open.parts, part);
      const logged = getObject(candidate, 'logprobsResult');
      if (logged !== undefined) open.logged.push(logged);
    }
  }
  return { ...Object.fromEntries(reply), candidates: [...candidates.values()].map(wholeCandidate) };
}

/** A text goes on where what it follows is text of its kind. */
function addPart(parts: Map<string, unknown>[], given: unknown): void {
  const part = isObject(given) ? given : { unknown: given };
  const before = parts.at(-1);
  const [text, said] = [getString(part, 'text'), before?.get('text')];
  const goesOn = text !== undefined && typeof said === 'string' && (get(part, 'thought') === true) === (before?.get('thought') === true);
  const into = goesOn && before !== undefined ? before : new Map<string, unknown>();
  if (into !== before) parts.push(into);
  gather(into, part);
  if (goesOn) into.set('text', said + text);
}

const LISTS = ['chosenCandidates', 'topCandidates'] as const;

function wholeCandidate({ members, content, parts, logged }: OpenCandidate): JsonObject {
  const joined =
    logged.length > 1 ? Object.fromEntries(LISTS.map((key) => [key, logged.flatMap((each) => getList(each, key) ?? [])])) : logged[0];
  return {
    ...Object.fromEntries(members),
    content: { role: 'model', ...Object.fromEntries(content), parts: parts.map((part) => Object.fromEntries(part)) },
    ...(joined === undefined ? {} : { logprobsResult: joined }),
  };
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
