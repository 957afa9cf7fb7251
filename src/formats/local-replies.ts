/**
 * Replies of servers on one's own machine, whole or as the chunks of a stream: Ollama's `/api/chat` and `/api/generate`, and `/completion`
 * of llama.cpp. https://docs.ollama.com/api · https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
import type { Complaint } from './format.ts';
import { get, getList, getNumber, getObject, getString, isList, isObject, type JsonObject } from './json.ts';

/** One of Ollama's: the last chunk of a stream is like a whole reply. */
export function isOllama(event: unknown): boolean {
  if (typeof get(event, 'done') !== 'boolean' || getString(event, 'model') === undefined) return false;
  return isObject(get(event, 'message')) || getString(event, 'response') !== undefined;
}

/** One of llama.cpp's own. */
export function isLlama(event: unknown): boolean {
  if (typeof get(event, 'stop') !== 'boolean' || getString(event, 'content') === undefined) return false;
  return ['tokens', 'id_slot', 'tokens_predicted', 'completion_probabilities'].some((key) => get(event, key) !== undefined);
}

export function ollamaMessage(reply: JsonObject): JsonObject {
  const message = getObject(reply, 'message');
  if (message !== undefined) return { role: 'assistant', ...message };
  return { role: 'assistant', content: getString(reply, 'response') ?? '', thinking: getString(reply, 'thinking') ?? '' };
}

/** Log-probs, and the ids of prompt and reply, which `context` holds in one where the counts of both add up to it. */
export function ollamaLogged(reply: JsonObject, notes: Complaint[]): unknown {
  const context = getList(reply, 'context') ?? [];
  const [prompt, written] = [getNumber(reply, 'prompt_eval_count') ?? 0, getNumber(reply, 'eval_count') ?? 0];
  const logged = isList(reply['logprobs']) ? { logprobs: reply['logprobs'] } : {};
  if (context.length === 0) return logged;
  if (prompt > 0 && written > 0 && prompt + written === context.length)
    return { ...logged, prompt_token_ids: context.slice(0, prompt), token_ids: context.slice(prompt) };
  const found = `${context.length} ids for ${prompt} and ${written} tokens; left out`;
  notes.push({ code: 'token-ids', expected: 'as many ids at context as tokens of prompt and reply', found });
  return logged;
}

/** What the first and all later chunks come to. */
export function foldOllama(events: readonly unknown[]): Record<string, unknown> {
  const texts = { content: '', thinking: '', response: '', topThinking: '' };
  const calls: unknown[] = [];
  const logprobs: unknown[] = [];
  for (const event of events) {
    const message = get(event, 'message');
    texts.content += getString(message, 'content') ?? '';
    texts.thinking += getString(message, 'thinking') ?? '';
    texts.response += getString(event, 'response') ?? '';
    texts.topThinking += getString(event, 'thinking') ?? '';
    for (const call of getList(message, 'tool_calls') ?? []) calls.push(call);
    for (const entry of getList(event, 'logprobs') ?? []) logprobs.push(entry);
  }
  const last = events.at(-1);
  const isChat = events.some((event) => isObject(get(event, 'message')));
  const message = {
    role: 'assistant',
    content: texts.content,
    ...(texts.thinking === '' ? {} : { thinking: texts.thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...(isObject(last) ? last : {}),
    ...(isChat ? { message } : { response: texts.response, thinking: texts.topThinking }),
    ...(logprobs.length === 0 ? {} : { logprobs }),
  };
}

export function foldLlama(events: readonly unknown[]): Record<string, unknown> {
  let content = '';
  const [tokens, probabilities]: [unknown[], unknown[]] = [[], []];
  for (const event of events) {
    content += getString(event, 'content') ?? '';
    for (const id of getList(event, 'tokens') ?? []) tokens.push(id);
    for (const row of getList(event, 'completion_probabilities') ?? []) probabilities.push(row);
  }
  const last = events.at(-1);
  const rows = probabilities.length === 0 ? {} : { completion_probabilities: probabilities };
  return { ...(isObject(last) ? last : {}), content, tokens, ...rows };
}

/** Ids and log-probs as `callOfReply` reads them. Probabilities behind the sampler's cuts are not those of the model. */
export function llamaLogged(reply: JsonObject, notes: Complaint[]): unknown {
  const ids = getList(reply, 'tokens') ?? [];
  const rows = getList(reply, 'completion_probabilities') ?? [];
  if (rows.length === 0) return { token_ids: ids };
  if (rows.every((row) => get(row, 'logprob') !== undefined)) return { token_ids: ids, logprobs: { content: rows } };
  const found = `${rows.length} rows of probabilities behind the sampler; left out`;
  notes.push({ code: 'logprobs', expected: 'log-probs at completion_probabilities', found });
  return { token_ids: ids };
}

/** Why it ended, in one word: a limit of tokens is told as others tell it. */
export function llamaStatus(reply: JsonObject): string | undefined {
  const word = getString(reply, 'stop_type') ?? ['eos', 'limit', 'word'].find((kind) => get(reply, `stopped_${kind}`) === true);
  return word === 'limit' ? 'length' : word;
}
