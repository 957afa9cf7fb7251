/**
 * Replies of model servers other than chat completions, alone or with their request: Responses, Anthropic's messages, text
 * completions, SGLang's `/generate`, TGI, Gemini, Ollama, llama.cpp. Each answer is a rollout of one turn.
 */
import type { Format } from './format.ts';
import { foldGemini, isGemini } from './gemini-replies.ts';
import { get, isList, isObject } from './json.ts';
import { rolloutsOfExchange } from './reply-rollouts.ts';
import { isStreamEvent } from './fold-stream.ts';
import { isReply } from './reply-shapes.ts';

/** The reply in a record: the record itself, or what its key for it holds. */
function replyOf(record: unknown): unknown {
  const told = get(record, 'response');
  // Gemini CLI records the chunks of a stream as a list.
  const response = isList(told) && told.length > 0 && told.every(isGemini) ? foldGemini(told) : told;
  return [record, response, get(response, 'body'), get(record, 'completion'), get(record, 'output')].find(isReply);
}

/** The request beside the reply; undefined where there is none. */
function requestOf(record: unknown, reply: unknown): unknown {
  const request = get(record, 'request');
  const body = get(request, 'body');
  if (isObject(body)) return body;
  if (isObject(request)) return request;
  return reply === record ? ownPrompt(record) : record;
}

/** A reply into which its request was written. */
function ownPrompt(record: unknown): unknown {
  const kept = ['system', 'messages', 'prompt', 'input_ids', 'tools'].flatMap((key) => {
    const value = get(record, key);
    return value === undefined ? [] : [[key, value]];
  });
  return kept.some(([key]) => key !== 'system' && key !== 'tools') ? Object.fromEntries(kept) : undefined;
}

export const serverReply: Format = {
  id: 'server-reply',
  label: 'Replies of model servers',
  beats: ['chat'],
  detects: (record) => !isStreamEvent(record) && replyOf(record) !== undefined,
  decode(record, context) {
    const reply = replyOf(record);
    return rolloutsOfExchange(requestOf(record, reply), reply, record, context, []);
  },
};
