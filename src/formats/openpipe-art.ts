/**
 * OpenPipe ART trajectories: `{messages_and_choices, reward, metrics, metadata}`, alone or as the `trajectories` of a group. A choice (it
 * has `message` and `finish_reason`) is what the policy sampled, a plain message is context. `additional_histories` are further such lists.
 * https://github.com/OpenPipe/ART/blob/main/src/art/trajectories.py
 */
import type { Branch } from '../core/model/rollout.ts';
import { accept, defined, readEnvelope, readTaskId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getList, getString, isList, isObject } from './json.ts';
import { type MessagesRead, readMessages } from './messages.ts';
import { taskOf } from './task-key.ts';

export const openpipeArt: Format = {
  id: 'openpipe-art',
  label: 'OpenPipe ART trajectories',
  beats: ['chat', 'openai-reply'],
  detects: (record) => isTrajectory(record) || (getList(record, 'trajectories') ?? []).some(isTrajectory),
  decode(record, context) {
    if (isTrajectory(record)) return [decodeTrajectory(record, null, context)];
    const group = getList(record, 'trajectories') ?? [];
    if (group.length === 0) return [refuse('group-empty', 'at least one trajectory', 'none')];
    return group.map((trajectory, i) => decodeTrajectory(trajectory, i, context));
  },
};

function isTrajectory(record: unknown): boolean {
  return isObject(record) && getList(record, 'messages_and_choices') !== undefined;
}

function decodeTrajectory(record: unknown, member: number | null, context: RecordContext): Decoded {
  const list = getList(record, 'messages_and_choices');
  if (list === undefined) return refuseShape('a list at messages_and_choices', record, 'messages_and_choices');
  const notes: Complaint[] = [];
  const read = readHistory(list, 'messages_and_choices', notes);
  if (!read.ok) return { ok: false, complaint: read.complaint };
  const branches: Branch[] = [{ events: read.events }];
  // What else the policy was asked in the same run, each with a context of its own.
  for (const [h, history] of (getList(record, 'additional_histories') ?? []).entries()) {
    const name = `additional_histories[${h}].messages_and_choices`;
    const further = readHistory(get(history, 'messages_and_choices'), name, notes);
    if (!further.ok) return { ok: false, complaint: further.complaint };
    if (further.events.length > 0) branches.push({ events: further.events, cause: 'sub-agent' });
  }
  const fields = readEnvelope(record, context);
  const own = member === null ? fields : { ...fields, id: `${fields.id}.${member}` };
  const status = getString(list.at(-1), 'finish_reason');
  const task = taskOf(read.events, readTaskId(get(record, 'metadata')) ?? readTaskId(record));
  return accept({ ...own, ...defined({ status: status ?? own.status }), ...task, branches }, notes);
}

function readHistory(list: unknown, name: string, notes: Complaint[]): MessagesRead {
  const entries = isList(list) ? list : [];
  const choices = entries.map((entry) => isObject(get(entry, 'message')));
  const messages = entries.map((entry, i) => (choices[i] === true ? get(entry, 'message') : entry));
  // A log without any choice kept only the messages: then the assistant's are the policy's.
  const hasChoices = choices.includes(true);
  return readMessages(isList(list) ? messages : list, {
    name,
    notes,
    sampled: (_, role, i) => (hasChoices ? choices[i] === true : role === 'assistant'),
    reply: (message, i) => entries[i] ?? message,
  });
}
