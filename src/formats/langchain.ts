/**
 * Messages of LangChain and LangGraph, `{type: "human" | "ai" | "tool" | …, content}`, `{type, data}` or serialised by their class, as a
 * list or as the `messages` of a state. https://docs.langchain.com/oss/python/langchain/messages
 */
import { accept, defined, readEnvelope, readTaskId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, getObject, getString, isList, type JsonObject } from './json.ts';
import { isLangchainMessage } from './langchain-message.ts';
import { looseMessages } from './loose-messages.ts';
import { readMessages } from './messages.ts';

/** Where states, checkpoints and runs of graphs keep their messages, from the record down. */
const PLACES: readonly (readonly string[])[] = [
  ['messages'],
  ['values', 'messages'],
  ['channel_values', 'messages'],
  ['checkpoint', 'channel_values', 'messages'],
  ['state', 'messages'],
  ['output', 'messages'],
  ['outputs', 'messages'],
];

function messageList(record: unknown): readonly unknown[] | undefined {
  if (isList(record)) return isOurs(record) ? record : undefined;
  for (const place of PLACES) {
    const list = place.reduce<unknown>((value, key) => get(value, key), record);
    if (isList(list) && isOurs(list)) return list;
  }
  return undefined;
}

/** All are messages, and not only by a word that others have too. */
function isOurs(list: readonly unknown[]): boolean {
  return list.some((each) => isLangchainMessage(each) && !isShared(each)) && list.every(isLangchainMessage);
}

function isShared(message: unknown): boolean {
  return /^(?:system|tool)$/.test(getString(message, 'type') ?? '');
}

/** The message with its members where a log has them below `data`. */
function flat(message: unknown): unknown {
  const data = getObject(message, 'data');
  return data === undefined ? message : { ...data, type: get(message, 'type') };
}

function isSaidByModel(message: unknown): message is JsonObject {
  const last = getList(message, 'id')?.at(-1);
  return /^(?:ai|AI)/.test(getString(message, 'type') ?? '') || (typeof last === 'string' && last.startsWith('AI'));
}

export const langchain: Format = {
  id: 'langchain',
  label: 'LangChain and LangGraph messages',
  beats: ['chat', 'grok-cli', 'claude-code'],
  detects: (record) => messageList(record) !== undefined || isOurs([record]),
  decode(record, context) {
    const list = messageList(record) ?? (isLangchainMessage(record) ? [record] : undefined);
    if (list === undefined) return [refuse('shape', 'a list of messages of LangChain', 'another record')];
    const given = list.map(flat);
    const messages = looseMessages(given, 'assistant');
    if (messages === undefined) return [refuse('message', 'messages with a type and content', 'others among them')];
    const notes: Complaint[] = [];
    const read = readMessages(messages, { notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const server = given.filter(isSaidByModel).map((each) => getObject(getObject(each, 'kwargs') ?? each, 'response_metadata'));
    const policy = server.map((each) => getId(each, 'model_name', 'model')).find((name) => name !== undefined);
    const fields = readEnvelope(record, context);
    const thread = getId(get(get(record, 'config'), 'configurable'), 'thread_id');
    const id = getId(record, 'checkpoint_id', 'id', 'run_id') ?? thread;
    const known = { ...fields, ...defined({ policy: fields.policy ?? policy, id }) };
    return [accept(singleRollout(known, read.events, readTaskId(record)), notes)];
  },
};
