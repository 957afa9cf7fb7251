/**
 * tau2-bench result files: `{timestamp, info, tasks, simulations: [{id, task_id, trial, reward_info, messages, …}]}`, or
 * a bare list of simulations. The user is a simulator that calls tools of its own (`requestor: "user"`), of which the agent
 * sees nothing: its history holds what it says, what the user says and what its own calls gave (tau2-bench,
 * `is_valid_agent_history_message`). The agent's system prompt is not among the messages.
 */
import { hashText } from '../base/hash.ts';
import type { Role } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Format, RecordContext } from './format.ts';
import type { JsonObject } from './json.ts';
import { get, getId, getList, getNumber, getObject, getString, has, isObject } from './json.ts';
import { readMessages, readReward, readRewardParts, readTime, type Timing } from './messages.ts';
import { domainOf } from './tau-domain.ts';
import { readTools } from './tools.ts';

/**
 * The greeting that opens a conversation is a fixed text of the environment: it is the agent's own only where the log
 * shows a model call behind it (a raw reply, a token count or a cost).
 */
function isSampled(message: JsonObject, role: Role, index: number): boolean {
  if (role !== 'assistant') return false;
  if (index > 0) return true;
  return isObject(get(message, 'raw_data')) || isObject(get(message, 'usage')) || (getNumber(message, 'cost') ?? 0) > 0;
}

/** Whether the message stands between the simulated user and its own tools. */
function isUsersOwn(message: unknown): boolean {
  const role = get(message, 'role');
  if (role === 'tool') return get(message, 'requestor') === 'user';
  return role === 'user' && (getList(message, 'tool_calls')?.length ?? 0) > 0;
}

/** Task ids count within a domain: as the document names it, else by the policy of the simulation, else by file name. */
function domain(record: unknown, context: RecordContext): { readonly key: string; readonly label: string } {
  const info = getObject(context.document, 'info');
  const named = getString(getObject(info, 'environment_info'), 'domain_name') ?? getString(context.document, 'domain');
  if (named !== undefined) return { key: named, label: named };
  const byName = domainOf(context);
  if (byName !== undefined) return { key: byName, label: byName };
  const policy = getString(record, 'policy');
  return policy === undefined ? { key: context.path, label: 'tau2' } : { key: `policy-${hashText(policy)}`, label: 'tau2' };
}

function readRewardInfo(record: unknown): { readonly reward: number | null; readonly rewardParts?: Readonly<Record<string, number>> } {
  const info = get(record, 'reward_info');
  const reward = readReward(get(info, 'reward') ?? get(record, 'reward'))?.reward ?? null;
  return { reward, ...defined({ rewardParts: readRewardParts(get(info, 'reward_breakdown')) }) };
}

export const tau2: Format = {
  id: 'tau2',
  label: 'tau2-bench results',
  beats: ['tau-bench', 'chat'],
  recordsAt: 'simulations',
  detects: (record) =>
    isObject(record) &&
    has(record, 'task_id') &&
    has(record, 'reward_info') &&
    has(record, 'termination_reason') &&
    (Array.isArray(get(record, 'messages')) || (get(record, 'messages') ?? null) === null),
  decode(record, context) {
    const messages = getList(record, 'messages');
    const taskId = getId(record, 'task_id');
    if (taskId === undefined || !isObject(record))
      return [refuseShape('a simulation with task_id and messages', record, 'task_id', 'messages')];
    const status = getString(record, 'termination_reason');
    if (!messages || messages.length === 0)
      return [refuse('empty', 'at least one message', `a simulation without messages that ended with ${status ?? 'an unknown reason'}`)];
    const notes: Complaint[] = [];
    const seen = messages.filter((message) => !isUsersOwn(message));
    const hidden = messages.length - seen.length;
    if (hidden > 0)
      notes.push({
        code: 'user-tools',
        expected: 'messages that the agent sees',
        found: `${hidden} between the simulated user and its own tools, left out`,
      });
    const timing = (message: JsonObject): Timing => defined({ seconds: getNumber(message, 'generation_time_seconds') });
    const reply = (message: JsonObject): unknown => get(message, 'raw_data');
    const read = readMessages(seen, { name: 'messages', notes, sampled: isSampled, reply, timing });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const info = getObject(context.document, 'info');
    const scope = domain(record, context);
    const fields = {
      id: getId(record, 'id') ?? positionId(context),
      ...readRewardInfo(record),
      ...defined({
        status,
        policy: getString(getObject(info, 'agent_info'), 'llm') ?? getString(context.document, 'model'),
        // Most logs hold none: then there are none.
        tools: readTools([getObject(info, 'environment_info'), getObject(info, 'agent_info'), record]),
        startedAt: readTime(get(record, 'start_time') ?? get(record, 'timestamp')),
      }),
    };
    const rollout = singleRollout(fields, read.events, `tau2/${scope.key}/${taskId}`);
    return [accept({ ...rollout, taskLabel: `${scope.label} ${taskId}` }, notes)];
  },
};
