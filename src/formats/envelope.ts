/** What surrounds a conversation in a record: ids, reward, status, policy version, times, tools. */
import type { RolloutEvent, Rollout } from '../core/model/rollout.ts';
import { isCutOff, withCutEnd } from './cut-off.ts';
import type { Complaint, Decoded, RecordContext } from './format.ts';
import { asLogged, describe, get, getId, getObject, getString } from './json.ts';
import { readReward, readRewardParts, readTime } from './messages.ts';
import { readSubmission } from './submission.ts';
import { taskOf } from './task-key.ts';
import { definitionsOnly, readTools } from './tools.ts';

/** The entries of `fields` that have a value: optional properties are absent rather than undefined. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: T[K] & ({} | null) } {
  const result: { [K in keyof T]?: T[K] & ({} | null) } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

export function refuse(code: string, expected: string, found: string): Decoded {
  return { ok: false, complaint: { code, expected, found } };
}

/** A complaint about a record whose shape is not the format's. `keys`: where it should have what it has not, if anywhere. */
export function refuseShape(expected: string, record: unknown, ...keys: readonly string[]): Decoded {
  const found = keys.some((key) => get(record, key) !== undefined)
    ? keys.map((key) => `${describe(get(record, key))} at ${key}`).join(', ')
    : describe(record);
  return refuse('shape', expected, found);
}

const TOOLS = 'tool definitions, as JSON or as JSON text';

/** Notes a value that stands where tool definitions should, and is none. */
export function noteTools(value: unknown, notes: Complaint[]): void {
  if (value === undefined || value === null || typeof value === 'object' || typeof value === 'string') return;
  notes.push({ code: 'tools', expected: TOOLS, found: `${describe(value)}; left out` });
}

/**
 * A rollout in which the policy wrote nothing is used, and noted: it has nothing to train on. Where its status says that it was cut
 * off, its last turn is marked. What is no tool definition where those should be is noted and left out.
 */
export function accept(given: Rollout, seen: readonly Complaint[] = []): Decoded {
  const { tools: logged, ...bare } = given;
  const { tools, odd } = definitionsOnly(logged);
  const found = odd === null ? seen : [...seen, { code: 'tools', expected: TOOLS, found: `${odd}; left out` }];
  const rollout = withCutEnd(odd === null ? given : { ...bare, ...(tools === undefined ? {} : { tools }) });
  const answered = rollout.branches.some(({ events }) => events.some((event) => event.sampled));
  const notes = answered ? found : [...found, { code: 'no-answer', expected: 'a turn that the policy wrote', found: 'none' }];
  return notes.length === 0 ? { ok: true, rollout } : { ok: true, rollout, notes };
}

/** An id that no other record of the same set of files has. */
export function positionId(context: RecordContext): string {
  return `${context.path}#${context.index}`;
}

/** `target` is a verdict where it is true or false; elsewhere it is the expected answer. */
function verdict(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

const STATUS_KEYS = ['status', 'stop_reason', 'stop_condition', 'exit_status', 'finish_reason'] as const;

/** How it ended: the first word that the record has for it; one for a turn that was cut off comes before all others. */
function readStatus(record: unknown): string | undefined {
  const words = STATUS_KEYS.map((key) => getString(record, key)).filter((word) => word !== undefined);
  const cut = words.find(isCutOff);
  if (cut !== undefined) return cut;
  return get(record, 'truncated') === true || get(record, 'is_truncated') === true ? 'truncated' : words[0];
}

/** Fields by the names that training sets and evaluation scripts use most. */
export function readEnvelope(record: unknown, context: RecordContext): Omit<Rollout, 'branches' | 'task' | 'taskLabel'> {
  const value =
    get(record, 'reward') ??
    get(record, 'score') ??
    get(record, 'rewards') ??
    get(record, 'reward_score') ??
    get(record, 'resolved') ??
    verdict(get(record, 'target'));
  const found = readReward(value);
  const parts =
    found?.parts ??
    readRewardParts(getObject(record, 'reward_components') ?? getObject(record, 'reward_breakdown') ?? getObject(record, 'metrics'));
  return {
    id: getId(record, 'rollout_id', 'trajectory_id', 'traj_id', 'request_id', 'sample_id', 'uuid', 'id') ?? positionId(context),
    reward: found?.reward ?? null,
    ...defined({
      rewardParts: parts,
      advantage: asLogged(get(record, 'advantage')),
      status: readStatus(record),
      policy: getId(record, 'policy_version', 'weight_version', 'step', 'global_step'),
      startedAt: readTime(get(record, 'timestamp') ?? get(record, 'created_at') ?? get(record, 'start_time')),
      tools: readTools([record]),
      submission: readSubmission(record),
    }),
  };
}

/** An id of the task that means the same in every file, where the record has one. */
export function readTaskId(record: unknown): string | undefined {
  const id = getId(record, 'instance_id', 'task_id', 'problem_id', 'question_id', 'prompt_id');
  if (id !== undefined) return id;
  return getId(get(record, 'task'), 'id', 'task_id', 'key');
}

/** The events with the system prompt that the record holds beside them, if any, in front. */
export function withSystem(record: unknown, events: readonly RolloutEvent[]): readonly RolloutEvent[] {
  const system = getString(record, 'system') ?? getString(record, 'system_prompt') ?? '';
  return system === '' || events[0]?.role === 'system'
    ? events
    : [{ role: 'system', sampled: false, parts: [{ kind: 'system', text: system }] }, ...events];
}

/** A rollout of one branch; its task is the explicit one, or the prompt's. */
export function singleRollout(
  fields: Omit<Rollout, 'branches' | 'task' | 'taskLabel'>,
  events: readonly RolloutEvent[],
  task?: string,
): Rollout {
  return { ...fields, ...taskOf(events, task), branches: [{ events }] };
}
