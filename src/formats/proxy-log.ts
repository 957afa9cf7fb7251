/**
 * Logs of proxies before model servers: the bodies of a request and of its reply, as JSON or as JSON text. Helicone's exports, LiteLLM's
 * callbacks and tables. https://docs.helicone.ai · https://docs.litellm.ai/docs/proxy/logging_spec
 */
import { refuse } from './envelope.ts';
import { errorText } from './error-text.ts';
import { foldStream } from './fold-stream.ts';
import type { Format } from './format.ts';
import { describe, get, getString, has, isList, isObject } from './json.ts';
import { opened } from './loose-messages.ts';
import { readTime } from './messages.ts';
import { rolloutsOfExchange } from './reply-rollouts.ts';
import { isReply } from './reply-shapes.ts';
import { sseData } from './sse-data.ts';

const PAIRS = [
  ['request_body', 'response_body'],
  ['requestBody', 'responseBody'],
  ['kwargs', 'response_obj'],
  ['kwargs', 'response'],
] as const;

/** Pairs whose names say alone what they are. */
const PLAIN: ReadonlySet<string> = new Set(['response_body', 'responseBody', 'response_obj']);

interface Exchanged {
  readonly request: unknown;
  readonly response: unknown;
  /** Whether the names leave open what the record is: others call a text `response` too. */
  readonly isOpen: boolean;
}

function isRequest(value: unknown): boolean {
  return ['messages', 'contents', 'input', 'prompt'].some((key) => get(value, key) !== undefined);
}

/** Members that LiteLLM alone has, of one kind of its logs or another. */
const OF_LITELLM = ['call_type', 'litellm_call_id', 'response_cost', 'model_parameters'] as const;

/** Null where the record has no such pair. */
function exchangedIn(record: unknown): Exchanged | null {
  if (!isObject(record)) return null;
  for (const [asked, answered] of PAIRS) {
    const request = opened(get(record, asked));
    if (has(record, answered) && isRequest(request))
      return { request, response: opened(get(record, answered)), isOpen: !PLAIN.has(answered) };
  }
  if (!has(record, 'response') || !OF_LITELLM.some((key) => has(record, key))) return null;
  const sent = opened(get(opened(get(record, 'proxy_server_request')), 'body'));
  const messages = opened(get(record, 'messages'));
  const own = isList(messages) ? { ...record, messages } : typeof messages === 'string' && messages !== '' ? { prompt: messages } : null;
  const request = own === null ? sent : { ...own, tools: get(record, 'tools') ?? get(get(record, 'model_parameters'), 'tools') };
  return isRequest(request) ? { request, response: opened(get(record, 'response')), isOpen: true } : null;
}

/** A reply, or what comes of a stream that was kept as its text. */
function replyOf(response: unknown): unknown {
  if (typeof response !== 'string') return response;
  return foldStream(sseData(response), (event) => event).replies[0]?.reply ?? response;
}

/** Whether a response is what a server sends, or nothing, as LiteLLM writes it where a call failed. */
function isServers(response: unknown): boolean {
  const reply = replyOf(response);
  if (!isObject(reply)) return reply === null;
  return isReply(reply) || errorText(reply) !== undefined || Object.keys(reply).length === 0;
}

const TIMES = ['request_created_at', 'startTime', 'start_time'] as const;

export const proxyLog: Format = {
  id: 'proxy-log',
  label: 'Logs of proxies (Helicone, LiteLLM)',
  beats: ['chat', 'openai-reply', 'prompt-completion', 'server-reply'],
  detects(record) {
    const exchanged = exchangedIn(record);
    return exchanged !== null && (!exchanged.isOpen || isServers(exchanged.response));
  },
  decode(record, context) {
    const { request, response } = exchangedIn(record) ?? { request: undefined, response: undefined };
    const reply = replyOf(response);
    if (!isReply(reply)) {
      const why = (isObject(reply) ? errorText(reply) : undefined) ?? getString(record, 'error_str');
      return [refuse('reply', 'the reply to a request', why === undefined ? describe(reply) : `an error: ${why}`)];
    }
    const time = TIMES.map((key) => readTime(get(record, key))).find((each) => each !== undefined);
    return rolloutsOfExchange(request, reply, record, context, []).map((entry) =>
      entry.ok && time !== undefined ? { ...entry, rollout: { ...entry.rollout, startedAt: entry.rollout.startedAt ?? time } } : entry,
    );
  },
};
