/**
 * Messages of LangChain and LangGraph, `{type: "human" | "ai" | "tool" | …, content}`, `{type, data}` or serialised by their class, as a
 * list or as the `messages` of a state. https://docs.langchain.com/oss/python/langchain/messages
 */
import { accept, defined, readEnvelope, readTaskId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, getObject, getString, isList, isObject, type JsonObject } from './json.ts';
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

/** Pieces of one message that follow each other, as one; pieces of calls stay as they are. */
function joinChunks(list: readonly unknown[]): readonly unknown[] {
  const found: unknown[] = [];
  for (const message of list) {
    const before = found.at(-1);
    const [text, more] = [get(before, 'content'), get(message, 'content')];
    const isPiece = getString(message, 'type') === 'AIMessageChunk' && getString(before, 'type') === 'AIMessageChunk';
    const isSame = isPiece && getId(message, 'id') !== undefined && getId(message, 'id') === getId(before, 'id');
    if (!isSame || !isObject(before) || typeof text !== 'string' || typeof more !== 'string') found.push(message);
    else found[found.length - 1] = { ...before, ...(isObject(message) ? message : {}), content: text + more };
  }
  return found;
}

export const langchain: Format = {
  id: 'langchain',
  label: 'LangChain and LangGraph messages',
  beats: ['chat', 'grok-cli', 'claude-code'],
  detects: (record) => messageList(record) !== undefined,
  decode(record, context) {
    const list = messageList(record);
    if (list === undefined) return [refuse('shape', 'a list of messages of LangChain', 'another record')];
    const given = joinChunks(list.map(flat));
    const messages = looseMessages(given, 'assistant');
    if (messages === undefined) return [refuse('message', 'messages with a type and content', 'others among them')];
    const notes: Complaint[] = [];
    const read = readMessages(messages, { notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const server = given.filter(isSaidByModel).map((each) => getObject(getObject(each, 'kwargs') ?? each, 'response_metadata'));
    const policy = server.map((each) => getId(each, 'model_name', 'model')).find((name) => name !== undefined);
    const fields = readEnvelope(record, context);
    const place = get(get(record, 'config'), 'configurable');
    const thread = getId(place, 'thread_id');
    const checkpoint = getId(place, 'checkpoint_id') ?? getId(record, 'checkpoint_id');
    if (checkpoint !== undefined)
      notes.push({ code: 'snapshot', expected: 'a whole thread', found: 'its state at one step; states of later steps repeat it' });
    const id = checkpoint === undefined ? (getId(record, 'id', 'run_id') ?? thread) : [thread, checkpoint].filter(Boolean).join('/');
    const known = { ...fields, ...defined({ policy: fields.policy ?? policy, id }) };
    return [accept(singleRollout(known, read.events, readTaskId(record)), notes)];
  },
};
