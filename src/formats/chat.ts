/**
 * Chat records: `{"messages": [{role, content, …}], "tools"?: […], …}`, one per line, as the OpenAI fine-tuning API, TRL,
 * LLaMA-Factory v1 and most training sets have it. Loss marks on a message (`weight`, `loss_weight`, `train`, …) decide
 * whether an assistant message counts as sampled.
 */
import { accept, readEnvelope, readTaskId, refuse, refuseShape, singleRollout, withSystem } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get } from './json.ts';
import { looksLikeMessages, openedMessages, readMessages } from './messages.ts';

const KEYS = ['messages', 'conversation', 'conversations', 'chat', 'dialog', 'traj', 'history', 'trajectory'] as const;

/** The message list of a record: the record itself, or its first key that holds one; JSON text is read first. */
function messageList(record: unknown): { readonly key: string; readonly value: unknown } | null {
  if (looksLikeMessages(record)) return { key: 'the record', value: record };
  for (const key of KEYS) {
    const value = openedMessages(get(record, key));
    if (looksLikeMessages(value) && get(value[0], 'role') !== undefined) return { key, value };
  }
  return null;
}

export const chat: Format = {
  id: 'chat',
  label: 'Chat messages',
  beats: ['message-lines'],
  detects: (record) => messageList(record) !== null,
  decode(record, context) {
    const list = messageList(record);
    if (!list) {
      const messages = get(record, 'messages');
      if (Array.isArray(messages) && messages.length === 0) return [refuse('empty', 'at least one message', 'an empty list at messages')];
      if (Array.isArray(messages)) {
        const read = readMessages(messages);
        if (!read.ok) return [{ ok: false, complaint: read.complaint }];
      }
      return [refuseShape('an object with a list of messages', record, 'messages')];
    }
    const notes: Complaint[] = [];
    const read = readMessages(list.value, { name: list.key, notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    return [accept(singleRollout(readEnvelope(record, context), withSystem(record, read.events), readTaskId(record)), notes)];
  },
};
