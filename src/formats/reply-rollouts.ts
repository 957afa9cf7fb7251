/** Rollouts of one model call: a request, where the log has it, and each answer to it. */
import type { Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls } from './call-branches.ts';
import { accept, defined, positionId, readEnvelope, readTaskId, refuse } from './envelope.ts';
import { readExchange, type Answer, type Exchange } from './exchange.ts';
import type { Complaint, Decoded, RecordContext } from './format.ts';
import { taskOf } from './task-key.ts';

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
  if (events.every(({ parts, tokens }) => parts.length === 0 && tokens === undefined))
    return refuse('empty', 'a message with content', 'none');
  const branches = answer.call === null ? [{ events }] : branchesOfCalls(events, [answer.call]);
  const rollout: Rollout = {
    ...readEnvelope(record, context),
    ...taskOfReply(branches[0]?.events ?? [], id, readTaskId(record)),
    branches,
    id: index === 0 ? id : `${id}/${index}`,
    ...defined({ status: answer.status, policy: model, startedAt: time, tools, tokenizer: answer.call === null ? undefined : model }),
  };
  return accept(rollout, notes);
}

/** By the prompt; replies whose prompts the log does not have are no group. */
export function taskOfReply(events: readonly RolloutEvent[], id: string, explicit?: string): Pick<Rollout, 'task' | 'taskLabel'> {
  if (explicit !== undefined || events[0]?.sampled !== true) return taskOf(events, explicit);
  return { task: `reply:${id}`, taskLabel: `reply ${id}, without its prompt` };
}
