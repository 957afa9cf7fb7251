/**
 * Agent Data Protocol, standardised trajectories: `{id, content: [{class_, …}], details}`. Actions are the policy's, observations what it
 * was told; there are no rewards and no ids of tokens.
 * https://github.com/neulab/agent-data-protocol
 */
import { accept, readEnvelope, readTaskId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getList, getString, isObject, toJson } from './json.ts';
import { readMessages } from './messages.ts';

const CLASS = /_(?:action|observation)$/;

export const adp: Format = {
  id: 'adp',
  label: 'Agent Data Protocol',
  beats: ['chat'],
  detects: (record) => isObject(record) && (getList(record, 'content') ?? []).some((item) => CLASS.test(getString(item, 'class_') ?? '')),
  decode: (record, context) => [decodeTrajectory(record, context)],
};

function decodeTrajectory(record: unknown, context: RecordContext): Decoded {
  const content = getList(record, 'content');
  if (content === undefined) return refuseShape('a list of actions and observations at content', record, 'content');
  const messages: object[] = [];
  for (const [at, item] of content.entries()) {
    const message = messageOf(item);
    if (message === null) return refuse('class', `a known class_ at content[${at}]`, describe(get(item, 'class_')));
    messages.push(message);
  }
  const notes: Complaint[] = [];
  const read = readMessages(messages, { name: 'content', notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  return accept(singleRollout(readEnvelope(record, context), read.events, readTaskId(record)), notes);
}

function messageOf(item: unknown): object | null {
  const text = getString(item, 'content') ?? '';
  const said = getString(item, 'description') ?? '';
  const call = (name: string, input: unknown): object => ({
    role: 'assistant',
    content: said,
    tool_calls: [{ type: 'function', function: { name, arguments: typeof input === 'string' ? input : (toJson(input ?? {}) ?? '{}') } }],
  });
  switch (getString(item, 'class_')) {
    case 'api_action':
      return call(getString(item, 'function') ?? 'function', get(item, 'kwargs'));
    case 'code_action':
      return call(`execute_${getString(item, 'language') ?? 'code'}`, { code: text });
    case 'message_action':
      return { role: 'assistant', content: said === '' ? text : `${said}\n${text}` };
    case 'text_observation':
      return getString(item, 'source') === 'user' ? { role: 'user', content: text } : { role: 'tool', content: text };
    case 'web_observation':
      return { role: 'tool', content: text || (getString(item, 'axtree') ?? getString(item, 'html') ?? getString(item, 'url') ?? '') };
    case 'image_observation':
      return { role: 'tool', content: text || (getString(item, 'source') ?? 'image') };
    default:
      return null;
  }
}
