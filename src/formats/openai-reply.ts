/**
 * Replies of a chat completions server, alone or with the request that they answer: `{choices: [{message, logprobs?}]}`,
 * `{request: {messages}, response: {choices}}`. Each choice is a rollout of one turn, and choices share their prompt.
 * Where the server returned the ids of prompt and completion (vLLM, SGLang), they are the tokens.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, callOfReply } from './call-branches.ts';
import { accept, defined, positionId, readEnvelope, readTaskId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getId, getList, getString, isObject } from './json.ts';
import { loggedFromChoice } from './logprobs.ts';
import { readMessages, readTime } from './messages.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

/** The reply in a record: the record itself, or what its key for it holds. */
function replyOf(record: unknown): unknown {
  for (const candidate of [
    record,
    get(record, 'response'),
    get(get(record, 'response'), 'body'),
    get(record, 'completion'),
    get(record, 'output'),
  ]) {
    if (getList(candidate, 'choices')?.some((choice) => isObject(get(choice, 'message'))) === true) return candidate;
  }
  return undefined;
}

/** The request beside the reply: where the prompt and the tools are. */
function requestOf(record: unknown): unknown {
  for (const candidate of [
    get(record, 'request'),
    get(get(record, 'request'), 'body'),
    record,
    get(record, 'input'),
    get(record, 'kwargs'),
  ]) {
    if (getList(candidate, 'messages') !== undefined) return candidate;
  }
  return undefined;
}

export const openaiReply: Format = {
  id: 'openai-reply',
  label: 'Chat completion replies',
  beats: ['chat', 'server-reply'],
  detects: (record) => replyOf(record) !== undefined,
  decode(record, context) {
    const reply = replyOf(record);
    if (reply === undefined) return [refuseShape('an object with a message at choices[0]', record)];
    const request = requestOf(record);
    const prompt = readMessages(getList(request, 'messages') ?? [], { name: 'messages', sampled: () => false });
    if (!prompt.ok) return [{ ok: false, complaint: prompt.complaint }];
    const choices = getList(reply, 'choices') ?? [];
    return choices.map((choice, index) => decodeChoice(record, reply, request, prompt.events, choice, index, context));
  },
};

function decodeChoice(
  record: unknown,
  reply: unknown,
  request: unknown,
  prompt: readonly RolloutEvent[],
  choice: unknown,
  index: number,
  context: RecordContext,
): Decoded {
  const notes: Complaint[] = [];
  const read = readMessages([get(choice, 'message')], { name: `choices[${index}]`, notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  const [answer] = read.events;
  if (answer === undefined || (answer.parts.length === 0 && prompt.length === 0)) return refuse('empty', 'a message with content', 'none');
  const logged = loggedFromChoice(choice);
  const events = [...prompt, logged === null ? answer : { ...answer, tokens: logged }];
  const call = callOfReply(prompt.length, isObject(reply) ? { ...reply, choices: [choice] } : choice, notes);
  const id = getId(reply, 'id') ?? positionId(context);
  return accept(
    {
      ...taskOf(events, readTaskId(record)),
      branches: call === null ? [{ events }] : branchesOfCalls(events, [call]),
      ...readEnvelope(record, context),
      id: index === 0 ? id : `${id}/${index}`,
      ...defined({
        status: getString(choice, 'finish_reason'),
        policy: getString(reply, 'model'),
        startedAt: readTime(get(reply, 'created')),
        tools: readTools([request]),
        tokenizer: call === null ? undefined : getString(reply, 'model'),
      }),
    },
    notes,
  );
}
