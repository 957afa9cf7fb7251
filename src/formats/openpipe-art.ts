/**
 * OpenPipe ART trajectories: `{messages_and_choices, reward, metrics, metadata}`, alone or as the `trajectories` of a group. A choice (it
 * has `message` and `finish_reason`) is what the policy sampled, a plain message is context.
 * https://github.com/OpenPipe/ART/blob/main/src/art/trajectories.py
 */
import { accept, readEnvelope, readTaskId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getList, getString, isObject } from './json.ts';
import { readMessages } from './messages.ts';

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
  const choices = list.map((entry) => isObject(get(entry, 'message')));
  const messages = list.map((entry, i) => (choices[i] === true ? get(entry, 'message') : entry));
  const notes: Complaint[] = [];
  // A log without any choice kept only the messages: then the assistant's are the policy's.
  const hasChoices = choices.includes(true);
  const read = readMessages(messages, {
    name: 'messages_and_choices',
    notes,
    sampled: (_, role, i) => (hasChoices ? choices[i] === true : role === 'assistant'),
    reply: (message) => list[messages.indexOf(message)] ?? message,
  });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  const fields = readEnvelope(record, context);
  const own = member === null ? fields : { ...fields, id: `${fields.id}.${member}` };
  const status = getString(list.at(-1), 'finish_reason');
  return accept(
    singleRollout(status === undefined ? own : { ...own, status }, read.events, readTaskId(get(record, 'metadata')) ?? readTaskId(record)),
    notes,
  );
}
