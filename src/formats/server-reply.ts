/**
 * Replies of model servers other than chat completions, alone or with their request: Responses, Anthropic's messages, text
 * completions, SGLang's `/generate`, TGI, Gemini. Each answer is a rollout of one turn.
 */
import type { Rollout } from '../core/model/rollout.ts';
import { branchesOfCalls } from './call-branches.ts';
import { accept, defined, positionId, readEnvelope, readTaskId, refuse } from './envelope.ts';
import { readExchange, type Answer, type Exchange } from './exchange.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, isObject } from './json.ts';
import { isReply } from './reply-shapes.ts';
import { taskOf } from './task-key.ts';

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
  beats: ['chat', 'prompt-completion'],
  detects: (record) => replyOf(record) !== undefined,
  decode(record, context) {
    const reply = replyOf(record);
    return rolloutsOfExchange(requestOf(record, reply), reply, record, context, []);
  },
};

/** A rollout for each answer. @param record where ids, rewards and times may stand besides */
export function rolloutsOfExchange(
  request: unknown,
  reply: unknown,
  record: unknown,
  context: RecordContext,
  seen: readonly Complaint[],
): readonly Decoded[] {
  const notes: Complaint[] = [...seen];
  const read = readExchange(request, reply, notes);
  if (!read.ok) return [read];
  const { exchange } = read;
  if (exchange.answers.length === 0) return [refuse('empty', 'an answer of the server', 'none')];
  return exchange.answers.map((answer, index) => decodeAnswer(exchange, answer, index, record, context, notes));
}

function decodeAnswer(
  exchange: Exchange,
  answer: Answer,
  index: number,
  record: unknown,
  context: RecordContext,
  notes: readonly Complaint[],
): Decoded {
  const { prompt, id = positionId(context), model, time, tools } = exchange;
  const events = [...prompt, ...answer.events];
  if (events.every(({ parts, tokens }) => parts.length === 0 && tokens === undefined)) return refuse('empty', 'a message with content', 'none');
  const rollout: Rollout = {
    ...readEnvelope(record, context),
    ...taskOf(events, readTaskId(record)),
    branches: answer.call === null ? [{ events }] : branchesOfCalls(events, [answer.call]),
    id: index === 0 ? id : `${id}/${index}`,
    ...defined({ status: answer.status, policy: model, startedAt: time, tools, tokenizer: answer.call === null ? undefined : model }),
  };
  return accept(rollout, notes);
}
