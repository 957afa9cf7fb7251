/**
 * How rollouts are regarded beyond what their log says of them: which belong to one task, hence to one group of advantages, and
 * which rewards a person gives them. Rows are changed as they leave the parser, so all that follows is as if the log said so.
 */
import type { RolloutRow, TrajectoryBatch } from '../model/batch.ts';
import { unpackFacts, type FieldValue } from './facts.ts';
import { isRolloutKey, rolloutKeyOf, type RolloutKey } from './rollout-key.ts';

export const GROUPS = ['task', 'file', 'model', 'policy'] as const;
/** Rollouts of one task are one group, or those of one task and one file, model or policy version. */
export type Group = (typeof GROUPS)[number];

export interface RegardSettings {
  /** Absent: by task. */
  readonly group?: Group;
  /** Rewards that a person gives rollouts, by key: they take the place of what the log says. */
  readonly rewards?: readonly (readonly [rollout: RolloutKey, reward: number])[];
  /** Rewards by exit status, for rollouts that `rewards` does not name. */
  readonly statusRewards?: readonly (readonly [status: string, reward: number])[];
  /** Version of the policy that sampled tokens are compared with; absent: the newest that the log tells. Nothing of a row rests on it. */
  readonly policyVersion?: number | undefined;
}

/** Whether a value from outside is a list of rewards by rollout. */
export function isRewards(value: unknown): value is NonNullable<RegardSettings['rewards']> {
  return (
    Array.isArray(value) &&
    value.every((entry: unknown) => Array.isArray(entry) && entry.length === 2 && isRolloutKey(entry[0]) && Number.isFinite(entry[1]))
  );
}

/** What is done to a batch of an input's rollouts; the same batch where nothing is. @param path of the input, as opened */
export type Regard = (batch: TrajectoryBatch, path: string) => TrajectoryBatch;

export function makeRegard({ group = 'task', rewards = [], statusRewards = [] }: RegardSettings): Regard {
  if (group === 'task' && rewards.length === 0 && statusRewards.length === 0) return (batch) => batch;
  const byKey = new Map(rewards);
  const byStatus = new Map(statusRewards);
  return (batch, path) => {
    const given = batch.rollouts.map((row) => {
      const named = byKey.size === 0 ? undefined : byKey.get(rolloutKeyOf(path, row));
      return named ?? byStatus.get(row.status);
    });
    const rollouts = batch.rollouts.map((row, r) => {
      const reward = given[r];
      const judged = reward === undefined ? row : { ...row, reward };
      return group === 'task' ? judged : { ...judged, ...grouped(judged, group, partOf(row, group, path)) };
    });
    const { trajectoryReward, trajectoryRollout } = batch;
    if (trajectoryReward === undefined) return { ...batch, rollouts };
    // A branch's own reward is the log's too.
    const own = trajectoryReward.map((reward, t) => (given[trajectoryRollout[t]] === undefined ? reward : Number.NaN));
    return { ...batch, rollouts, trajectoryReward: own };
  };
}

/** What tells groups of a task apart; null: the log does not say. */
function partOf(row: RolloutRow, group: Exclude<Group, 'task'>, path: string): string | null {
  if (group === 'file') return row.origin?.name ?? path;
  if (group === 'policy') return row.policy === '' ? null : row.policy;
  return row.facts === undefined ? null : modelOf(row.fieldNames ?? [], unpackFacts(row.facts).fields);
}

function grouped({ task, taskLabel }: RolloutRow, group: Group, part: string | null): Pick<RolloutRow, 'task' | 'taskLabel'> {
  // No bar stands in it, so the last one in a key is the one that is set here: different parts make different keys.
  const tail = `${SEPARATOR}${group}=${(part ?? '').replaceAll('%', '%25').replaceAll('|', '%7C')}`;
  // A forest export that was made so holds such keys already.
  if (task.endsWith(tail)) return { task, taskLabel };
  return { task: `${task}${tail}`, taskLabel: `${taskLabel} · ${part ?? `unknown ${group}`}` };
}

const SEPARATOR = ' | ';

/** The key of a task as its log has it, without what groups it. */
export function ungrouped(task: string, group: Group): string {
  const at = task.lastIndexOf(`${SEPARATOR}${group}=`);
  return group === 'task' || at < 0 ? task : task.slice(0, at);
}

/** The last part of a field's name, by which comes first. */
const MODEL_NAMES = ['model', 'model_name', 'model_id', 'model_name_or_path', 'modelName', 'agent_model', 'llm'];

/** Fields that name the model, the best first: those nearest to the record, and of these by their name. */
export function modelFields(names: readonly string[]): number[] {
  return names
    .map((name, at) => ({ at, steps: name.split('.') }))
    .map(({ at, steps }) => ({ at, depth: steps.length, rank: MODEL_NAMES.indexOf(steps.at(-1) ?? '') }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.depth - b.depth || a.rank - b.rank)
    .map(({ at }) => at);
}

function modelOf(names: readonly string[], values: readonly FieldValue[]): string | null {
  for (const at of modelFields(names)) {
    const value = values[at];
    if (typeof value === 'string') return value;
  }
  return null;
}
