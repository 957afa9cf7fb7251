/** Agent files of Letta (`.af`): each agent with the messages that it has. https://docs.letta.com/guides/agents/agent-file */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { get, getId, getList, getString, isObject } from './json.ts';
import { looseMessages } from './loose-messages.ts';
import { readMessages, readTime } from './messages.ts';
import { normalTools } from './tools.ts';

/** Older files are one agent. */
function agentsOf(record: unknown): readonly unknown[] {
  return getList(record, 'agents') ?? [record];
}

function isAgent(agent: unknown): boolean {
  return isObject(get(agent, 'llm_config')) && getList(agent, 'messages') !== undefined;
}

export const letta: Format = {
  id: 'letta',
  label: 'Letta agent files',
  beats: ['chat'],
  detects: (record) => agentsOf(record).some(isAgent),
  decode: (record, context) => {
    const schemas = (getList(record, 'tools') ?? []).flatMap((tool) => get(tool, 'json_schema') ?? []);
    const agents = agentsOf(record);
    if (agents.length === 0) return [refuse('empty', 'an agent', 'none')];
    return agents.map((agent, index) => decodeAgent(agent, `${positionId(context)}/${index}`, normalTools(schemas), context));
  },
};

function decodeAgent(agent: unknown, fallback: string, tools: string | undefined, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const list = getList(agent, 'messages') ?? [];
  const messages = looseMessages(list, 'user');
  if (messages === undefined) return refuse('empty', `messages of agent ${getString(agent, 'name') ?? context.name}`, 'none');
  const read = readMessages(messages, { name: 'messages', notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  const startedAt = readTime(get(list[0], 'created_at'));
  const policy = getString(get(agent, 'llm_config'), 'model');
  const id = getId(agent, 'id') ?? fallback;
  const entry = accept(singleRollout({ id, reward: null, ...defined({ policy, startedAt, tools }) }, read.events), notes);
  return entry.ok ? { ...entry, fields: { name: get(agent, 'name'), agent_type: get(agent, 'agent_type') } } : entry;
}
