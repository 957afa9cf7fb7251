/**
 * tau-bench result files: a JSON array of `{task_id, trial, reward, info{task, …}, traj: [OpenAI messages]}`. The first
 * system message is the policy that the agent follows; role `user` is a simulator and never sampled.
 */
import { hashText } from '../base/hash.ts';
import type { Rollout, RolloutEvent } from '../core/model/rollout.ts';
import type { ReferenceAction } from '../core/model/side-facts.ts';
import { accept, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Format, RecordContext } from './format.ts';
import { get, getId, getList, getObject, getString, has, isObject, toJson } from './json.ts';
import { readMessages, readReward, looksLikeMessages } from './messages.ts';
import { domainOf } from './tau-domain.ts';
import { oneLine } from './task-key.ts';

/**
 * Task ids count within a domain. The simulator's instruction tells tasks of two domains apart without the file's name;
 * where it is missing, the file's name has to.
 */
function taskKey(record: unknown, taskId: string, context: RecordContext): string {
  const task = getObject(getObject(record, 'info'), 'task');
  const instruction = getString(task, 'instruction') ?? getString(task, 'user_id');
  const scope = instruction === undefined ? (domainOf(context) ?? context.path) : hashText(instruction);
  return `tau-bench/${taskId}/${scope}`;
}

/** The environment reports a failed call as a text that begins so; it has no other mark. */
function markErrors(event: RolloutEvent): RolloutEvent {
  if (event.role !== 'tool' || !event.parts.some((part) => part.text.startsWith('Error:'))) return event;
  return { ...event, parts: event.parts.map((part) => (part.text.startsWith('Error:') ? { ...part, error: true } : part)) };
}

/** The calls that the task's author expects; `respond` says something to the user and is none. */
function referenceOf(record: unknown): Pick<Rollout, 'reference'> {
  const actions = getList(getObject(getObject(record, 'info'), 'task'), 'actions');
  if (actions === undefined) return {};
  const calls = actions.flatMap((action): ReferenceAction[] => {
    const tool = getString(action, 'name');
    return tool === undefined || tool === 'respond' ? [] : [{ tool, args: toJson(get(action, 'kwargs') ?? {}) ?? '{}' }];
  });
  return { reference: { actions: calls } };
}

export const tauBench: Format = {
  id: 'tau-bench',
  label: 'tau-bench results',
  beats: ['verifiers-results', 'chat'],
  detects: (record) => isObject(record) && has(record, 'task_id') && has(record, 'reward') && looksLikeMessages(get(record, 'traj')),
  decode(record, context) {
    const traj = getList(record, 'traj');
    const taskId = getId(record, 'task_id');
    if (!traj || taskId === undefined)
      return [refuseShape('an object with task_id and a list of messages at traj', record, 'task_id', 'traj')];
    const error = getString(getObject(record, 'info'), 'error');
    if (traj.length === 0)
      return [
        refuse('empty', 'at least one message in traj', `an empty list${error === undefined ? '' : `, and the error ${oneLine(error)}`}`),
      ];
    const notes: Complaint[] = [];
    const read = readMessages(traj, { name: 'traj', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const trial = getId(record, 'trial');
    const domain = domainOf(context);
    const fields = {
      id: `${context.path}/${taskId}/${trial ?? context.index}`,
      reward: readReward(get(record, 'reward'))?.reward ?? null,
      ...(error === undefined ? {} : { status: `error: ${oneLine(error)}` }),
      ...referenceOf(record),
    };
    const rollout = singleRollout(fields, read.events.map(markErrors), taskKey(record, taskId, context));
    return [accept({ ...rollout, taskLabel: `${domain ?? 'tau-bench'} ${taskId}` }, notes)];
  },
};
