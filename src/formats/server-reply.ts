/**
 * Replies of model servers other than chat completions, alone or with their request: Responses, Anthropic's messages, text
 * completions, SGLang's `/generate`, TGI, Gemini. Each answer is a rollout of one turn.
 */
import type { Format } from './format.ts';
import { get, isObject } from './json.ts';
import { rolloutsOfExchange } from './reply-rollouts.ts';
import { isReply } from './reply-shapes.ts';

/** The reply in a record: the record itself, or what its key for it holds. */
function replyOf(record: unknown): unknown {
  const response = get(record, 'response');
  return [record, response, get(response, 'body'), get(record, 'completion'), get(record, 'output')].find(isReply);
}

/** The request beside the reply; undefined where there is none. */
function requestOf(record: unknown, reply: unknown): unknown {
  const request = get(record, 'request');
  const body = get(request, 'body');
  if (isObject(body)) return body;
  if (isObject(request)) return request;
  return reply === record ? undefined : record;
}

export const serverReply: Format = {
  id: 'server-reply',
  label: 'Replies of model servers',
  beats: ['chat'],
  detects: (record) => replyOf(record) !== undefined,
  decode(record, context) {
    const reply = replyOf(record);
    return rolloutsOfExchange(requestOf(record, reply), reply, record, context, []);
  },
};
