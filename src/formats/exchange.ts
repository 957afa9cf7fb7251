/** A request to a model server and the reply to it, to events: what one model call read, and each answer that it wrote. */
import type { LoggedTokens, RolloutEvent } from '../core/model/rollout.ts';
import { callOfAnswer, type LoggedCall } from './call-branches.ts';
import { defined } from './envelope.ts';
import type { Complaint } from './format.ts';
import { contentMessages } from './gemini-content.ts';
import { describe, get, getId, getList, getString, has, isObject, type JsonObject } from './json.ts';
import { loggedFromChoice } from './logprobs.ts';
import { isLlama } from './local-replies.ts';
import { readMessages, readTime } from './messages.ts';
import { readIds } from './per-token.ts';
import { readReply, type ReplyMessage } from './reply-shapes.ts';
import { itemMessages } from './responses.ts';
import { readTools } from './tools.ts';

export interface Answer {
  /** The last of them is the policy's own. */
  readonly events: readonly RolloutEvent[];
  /** The ids of prompt and completion, where the server returned both. */
  readonly call: LoggedCall | null;
  readonly status?: string;
}

export interface Exchange {
  /** Nothing in it is sampled; empty where the log has no request. */
  readonly prompt: readonly RolloutEvent[];
  readonly answers: readonly Answer[];
  readonly id?: string;
  readonly model?: string;
  /** Seconds since the epoch. */
  readonly time?: number;
  readonly tools?: string;
}

export type ExchangeRead = { readonly ok: true; readonly exchange: Exchange } | { readonly ok: false; readonly complaint: Complaint };

function complain(code: string, expected: string, found: string): ExchangeRead {
  return { ok: false, complaint: { code, expected, found } };
}

/** @param request undefined where the log has none; a reply of the Responses API tells its instructions itself. Never throws. */
export function readExchange(request: unknown, reply: unknown, notes: Complaint[]): ExchangeRead {
  const read = readReply(reply, notes);
  if (typeof read === 'string') return complain('reply', 'the reply of a model server', read);
  const asked = request ?? ownRequest(reply);
  const messages = promptMessages(asked, notes);
  if (typeof messages === 'string') return complain('item', 'messages, calls, their outputs and reasoning in the request', messages);
  const prompt = readMessages(messages, { name: 'messages', sampled: () => false });
  if (!prompt.ok) return prompt;
  const ids = readIds(get(asked, 'prompt')) ?? readIds(get(asked, 'input_ids'));
  const events = ids === null ? prompt.events : [...prompt.events, promptOfIds(ids)];
  const answers: Answer[] = [];
  for (const message of read.answers) {
    const answer = readAnswer(message, events.length, notes);
    if ('complaint' in answer) return { ok: false, complaint: answer.complaint };
    answers.push(answer);
  }
  const { id, model } = read;
  const exchange = {
    prompt: events,
    answers,
    ...defined({
      id,
      model: getId(get(reply, 'meta_info'), 'weight_version') ?? model ?? getString(request, 'model'),
      time: readTime(read.time),
      tools: readTools([request, reply]),
    }),
  };
  return { ok: true, exchange };
}

/** What a reply says of its own request: instructions of the Responses API, the prompt of llama.cpp. */
function ownRequest(reply: unknown): unknown {
  const instructions = getString(reply, 'instructions');
  const prompt = isLlama(reply) ? get(reply, 'prompt') : undefined;
  return instructions === undefined && prompt === undefined ? undefined : defined({ instructions, prompt });
}

function promptOfIds(ids: Int32Array): RolloutEvent {
  return { role: 'user', sampled: false, parts: [{ kind: 'user', text: '', tokenCount: ids.length }], tokens: { ids } };
}

function readAnswer(
  { messages, logged, status }: ReplyMessage,
  before: number,
  notes: Complaint[],
): Answer | { readonly complaint: Complaint } {
  const read = readMessages(messages, { name: 'reply', notes, sampled: (_, role) => role === 'assistant' });
  if (!read.ok) return { complaint: read.complaint };
  const last = read.events.length - 1;
  const tokens: LoggedTokens | null = logged === undefined ? null : loggedFromChoice(logged);
  const events = read.events.map((event, i) => (i === last && tokens !== null ? { ...event, tokens } : event));
  const call = logged === undefined ? null : callOfAnswer(before + last, logged, notes);
  return { events, call, ...defined({ status }) };
}

/** The messages of a request in any of the APIs, as chat messages; or what was found instead of an item. */
function promptMessages(request: unknown, notes: Complaint[]): readonly JsonObject[] | string {
  if (!isObject(request)) return [];
  const system = systemOf(get(request, 'system') ?? get(request, 'instructions') ?? get(request, 'systemInstruction'));
  const contents = getList(request, 'contents');
  if (contents !== undefined) return [...system, ...contents.flatMap((content) => contentMessages(content, 'user'))];
  const messages = getList(request, 'messages');
  if (messages !== undefined) return [...system, ...messages.filter(isObject)];
  if (has(request, 'input')) {
    const input = get(request, 'input');
    if (typeof input === 'string') return [...system, { role: 'user', content: input }];
    const items = itemMessages(getList(request, 'input') ?? [], notes);
    return typeof items === 'string' ? items : [...system, ...items.map(({ message }) => message)];
  }
  const text = getString(request, 'prompt') ?? getString(request, 'inputs') ?? getString(request, 'text');
  return text === undefined ? system : [...system, { role: 'user', content: text }];
}

/** A text, a list of text blocks (Anthropic), or a content (Gemini). */
function systemOf(value: unknown): JsonObject[] {
  if (value === undefined || value === null || value === '') return [];
  const parts = isObject(value) ? getList(value, 'parts') : value;
  if (typeof parts === 'string') return [{ role: 'system', content: parts }];
  return Array.isArray(parts) ? [{ role: 'system', content: parts }] : [{ role: 'system', content: describe(value) }];
}
