/**
 * What AutoGen saves as one document: the state of a team or an agent, whose model contexts are a rollout each, and the result of a task.
 * https://microsoft.github.io/autogen/stable/user-guide/agentchat-user-guide/tutorial/state.html
 */
import { AUTOGEN_LINES, isAutogenMessage } from './autogen-messages.ts';
import { accept, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { getList, getObject, getString, isObject } from './json.ts';
import { looseMessages } from './loose-messages.ts';
import { readMessages } from './messages.ts';
import { decodeSession } from './session-format.ts';
import { asLines, entriesOf } from './together.ts';

/** Agents of a state with the messages that each model would be asked with next. */
function contextsOf(record: unknown): readonly (readonly [agent: string, messages: readonly unknown[]])[] {
  const own = getList(getObject(record, 'llm_context'), 'messages');
  if (own !== undefined) return [['agent', own]];
  const agents = getObject(record, 'agent_states') ?? {};
  return Object.keys(agents).flatMap((name) => {
    const state = getObject(agents[name], 'agent_state') ?? agents[name];
    const messages = getList(getObject(state, 'llm_context'), 'messages');
    return messages === undefined ? [] : [[name, messages] as const];
  });
}

function isState(record: unknown): boolean {
  return (
    isObject(record) && getString(record, 'type')?.endsWith('State') === true && (has(record, 'agent_states') || has(record, 'llm_context'))
  );
}

function has(record: unknown, key: string): boolean {
  return getObject(record, key) !== undefined;
}

function isResult(record: unknown): boolean {
  const messages = getList(record, 'messages');
  return messages !== undefined && messages.length > 0 && messages.every(isAutogenMessage);
}

export const autogenSaved: Format = {
  id: 'autogen-saved',
  label: 'AutoGen states and results',
  beats: ['chat', 'autogen', 'autogen-chat', 'langchain'],
  detects: (record) => isState(record) || isResult(record),
  decode(record, context) {
    if (isResult(record)) {
      const lines = asLines(getList(record, 'messages') ?? [], context.line);
      const entries = entriesOf(decodeSession(AUTOGEN_LINES, lines, context));
      const status = getString(record, 'stop_reason');
      return entries.map((entry) => (entry.ok && status !== undefined ? { ...entry, rollout: { ...entry.rollout, status } } : entry));
    }
    const contexts = contextsOf(record);
    const found = contexts
      .filter(([, messages]) => messages.length > 0)
      .map(([agent, messages]) => decodeContext(agent, messages, context));
    return found.length > 0 ? found : [refuse('empty', 'an agent with messages in its llm_context', `${contexts.length} without`)];
  },
};

function decodeContext(agent: string, messages: readonly unknown[], context: RecordContext): Decoded {
  const loose = looseMessages(messages, 'assistant');
  if (loose === undefined) return refuse('message', `messages of AutoGen in the context of ${agent}`, 'others among them');
  const notes: Complaint[] = [];
  const read = readMessages(loose, { name: `the context of ${agent}`, notes });
  if (!read.ok) return { ok: false, complaint: read.complaint };
  const entry = accept(singleRollout({ id: `${positionId(context)}/${agent}`, reward: null }, read.events), notes);
  return entry.ok ? { ...entry, fields: { agent } } : entry;
}
