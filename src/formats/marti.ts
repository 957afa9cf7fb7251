/**
 * MARTI rollouts of several agents: `{metadata: [{prompt, label, history}]}` with a list of turns for each agent. Who answers whom is a
 * graph and no chain; each agent's own conversation is a branch, in which the words of others stand as its user's.
 * https://github.com/TsinghuaC3I/MARTI
 */
import type { Branch } from '../core/model/rollout.ts';
import { accept, defined, readEnvelope, refuse, refuseShape } from './envelope.ts';
import { addNote, type Complaint, type Decoded, type Format, type RecordContext } from './format.ts';
import { describe, get, getList, getString, isList, isObject, toJson } from './json.ts';
import { readMessages } from './messages.ts';
import { taskOf } from './task-key.ts';

export const marti: Format = {
  id: 'marti',
  label: 'MARTI agents',
  recordsAt: 'metadata',
  beats: ['chat'],
  detects: (record) => isObject(record) && (getList(record, 'history') ?? []).some((agent) => isList(agent) && agent.some(isTurn)),
  decode: (record, context) => [decodeRecord(record, context)],
};

function isTurn(turn: unknown): boolean {
  return getString(turn, 'agent_id') !== undefined && getString(turn, 'assistant') !== undefined;
}

function decodeRecord(record: unknown, context: RecordContext): Decoded {
  const history = getList(record, 'history');
  if (history === undefined) return refuseShape('a list of turns for each agent at history', record, 'history');
  const notes: Complaint[] = [];
  const branches: Branch[] = [];
  for (const [a, agent] of history.entries()) {
    if (!isList(agent)) {
      addNote(notes, { code: 'agent', expected: `a list of turns at history[${a}]`, found: `${describe(agent)}; left out` });
      continue;
    }
    const messages = agent.flatMap((turn, t) =>
      ['user', 'assistant'].flatMap((role) => {
        const content = get(turn, role);
        if (typeof content !== 'string')
          addNote(notes, { code: 'turn', expected: `text at history[${a}][${t}].${role}`, found: describe(content) });
        const text = typeof content === 'string' ? content : toJson(content ?? undefined);
        return text === undefined ? [] : [{ role, content: text }];
      }),
    );
    const read = readMessages(messages, { name: 'history', notes });
    if (!read.ok) return { ok: false, complaint: read.complaint };
    if (read.events.length > 0) branches.push({ events: read.events, ...defined({ cause: branches.length === 0 ? undefined : 'agent' }) });
  }
  if (branches.length === 0) return refuse('history-empty', 'at least one turn', 'none');
  const prompt = getString(record, 'prompt');
  const asked =
    prompt === undefined
      ? branches[0]!.events
      : [{ role: 'user' as const, sampled: false, parts: [{ kind: 'user' as const, text: prompt }] }];
  const { id, ...fields } = readEnvelope({ ...(isObject(record) ? record : {}), id: get(record, 'indice') ?? get(record, 'id') }, context);
  return accept({ ...fields, id: `${context.path}#${id}`, ...taskOf(asked), branches }, notes);
}
