/**
 * ShareGPT records: `{"conversations": [{from: human | gpt | system | function_call | observation, value}], "system"?,
 * "tools"?}`; also AgentGym's and AgentInstruct's, whose turns carry `loss`.
 */
import { accept, readEnvelope, readTaskId, refuseShape, singleRollout, withSystem } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, isList } from './json.ts';
import { openedMessages, readMessages } from './messages.ts';
import { roleOf } from './roles.ts';

function turns(record: unknown): readonly unknown[] | undefined {
  const list = ['conversations', 'conversation', 'messages'].map((key) => openedMessages(get(record, key))).find(isList);
  return list && list.length > 0 && roleOf(get(list[0], 'from')) !== undefined ? list : undefined;
}

export const sharegpt: Format = {
  id: 'sharegpt',
  label: 'ShareGPT conversations',
  beats: ['openai-reply', 'chat'],
  detects: (record) => turns(record) !== undefined,
  decode(record, context) {
    const list = turns(record) ?? getList(record, 'conversations');
    if (!list || list.length === 0)
      return [refuseShape('an object with a list of {from, value} at conversations', record, 'conversations')];
    const notes: Complaint[] = [];
    const read = readMessages(list, { name: 'conversations', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const item = getId(record, 'item_id');
    const fields = readEnvelope(record, context);
    return [accept(singleRollout(fields, withSystem(record, read.events), readTaskId(record) ?? item), notes)];
  },
};
