/**
 * ATIF, the Agent Trajectory Interchange Format of Harbor, 1.0 to 1.7: steps of user, system and agent. Trajectories that stand together
 * (embedded, in a wrapper `{name: trajectory}`, or in one folder, which `engine/bindings` makes one record of) are one rollout where one
 * refers to the others: continuations and sub-agents are its branches. The reward is not in it; a trial's folder may have it beside.
 * https://github.com/laude-institute/harbor/blob/main/docs/rfcs/0001-trajectory-format.md
 */
import type { Branch, Rollout } from '../core/model/rollout.ts';
import { readSteps } from './atif-steps.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { type JsonObject, describe, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { readReward, readTime } from './messages.ts';
import { taskOf } from './task-key.ts';
import { normalTools } from './tools.ts';

export const atif: Format = {
  id: 'atif',
  label: 'ATIF trajectories (Harbor)',
  beats: ['chat'],
  detects: (record) => isTrajectory(record) || named(record).size > 0,
  decode(record, context) {
    const all = isTrajectory(record) ? new Map([['', record]]) : new Map(named(record));
    for (const trajectory of all.values())
      for (const [i, inner] of (getList(trajectory, 'subagent_trajectories') ?? []).entries())
        if (isTrajectory(inner)) all.set(`${getId(inner, 'trajectory_id', 'session_id') ?? i}#${all.size}`, inner);
    if (all.size === 0) return [refuse('shape', 'an ATIF trajectory: schema_version and steps', 'none')];
    const roots = [...all.values()].filter((each) => ![...all.values()].some((other) => other !== each && refersTo(other, each, all)));
    // Each is told once: by the first that leads to it, and where only a circle does, by the first of the circle.
    const told = new Set<JsonObject>();
    const rollouts: Decoded[] = [];
    for (const root of [...roots, ...all.values()])
      if (!told.has(root)) rollouts.push(decodeRoot(root, rollouts.length, all, told, record, context));
    return rollouts;
  },
};

function isTrajectory(value: unknown): value is JsonObject {
  return isObject(value) && getString(value, 'schema_version')?.startsWith('ATIF-') === true && getList(value, 'steps') !== undefined;
}

/** Trajectories by name: of a wrapper, or files of one folder. */
function named(record: unknown): ReadonlyMap<string, JsonObject> {
  const holder = getObject(record, 'trajectories') ?? record;
  const found = new Map<string, JsonObject>();
  if (isObject(holder)) for (const [name, value] of Object.entries(holder)) if (isTrajectory(value)) found.set(name, value);
  return found;
}

/** As another names it: by file, or by its ids. */
function refersTo(from: JsonObject, to: JsonObject, all: ReadonlyMap<string, JsonObject>): boolean {
  return continues(from, to, all) || delegatesTo(from, to, all);
}

function continues(from: JsonObject, to: JsonObject, all: ReadonlyMap<string, JsonObject>): boolean {
  const name = getString(from, 'continued_trajectory_ref');
  return name !== undefined && all.get(lastStep(name)) === to;
}

function delegatesTo(from: JsonObject, to: JsonObject, all: ReadonlyMap<string, JsonObject>): boolean {
  if ((getList(from, 'subagent_trajectories') ?? []).includes(to)) return true;
  const ids = [getString(to, 'session_id'), getString(to, 'trajectory_id')];
  return (getList(from, 'steps') ?? []).some((step) =>
    (getList(getObject(step, 'observation'), 'results') ?? []).some((result) =>
      (getList(result, 'subagent_trajectory_ref') ?? []).some((ref) => {
        const path = getString(ref, 'trajectory_path');
        if (path !== undefined && all.get(lastStep(path)) === to) return true;
        return ['session_id', 'trajectory_id'].some((key) => getString(ref, key) !== undefined && ids.includes(getString(ref, key)));
      }),
    ),
  );
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function decodeRoot(
  root: JsonObject,
  index: number,
  all: ReadonlyMap<string, JsonObject>,
  told: Set<JsonObject>,
  record: unknown,
  context: RecordContext,
): Decoded {
  const notes: Complaint[] = [];
  const branches: Branch[] = [];
  const waiting: { readonly trajectory: JsonObject; readonly cause?: string }[] = [{ trajectory: root }];
  told.add(root);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { trajectory } = next;
    const read = readSteps(trajectory, notes, next.cause);
    if (!read.ok) return { ok: false, complaint: read.complaint };
    for (const branch of read.branches) branches.push(branch);
    for (const other of all.values()) {
      if (told.has(other)) continue;
      const cause = continues(trajectory, other, all) ? 'compaction' : delegatesTo(trajectory, other, all) ? 'sub-agent' : undefined;
      if (cause === undefined) continue;
      told.add(other);
      waiting.push({ trajectory: other, cause });
    }
  }
  const agent = getObject(root, 'agent');
  const result = getObject(record, 'result');
  const events = branches[0]?.events ?? [];
  // What a continuation or sub-agent copied begins as the original does: both are of one task.
  const begun = events.findIndex(({ role }) => role === 'assistant');
  const reward = rewardOf(record, root);
  const verdict = get(record, 'reward') ?? null;
  if (verdict !== null && readReward(verdict) === undefined)
    notes.push({ code: 'reward', expected: 'a reward, or rewards by name', found: describe(verdict) });
  const position = index === 0 ? positionId(context) : `${positionId(context)}.${index}`;
  const rollout: Rollout = {
    id: getId(root, 'session_id', 'trajectory_id') ?? position,
    ...taskOf(
      events.slice(0, begun < 0 ? events.length : begun),
      getId(result, 'task_name') ?? getId(getObject(root, 'extra'), 'task_id', 'instance_id'),
    ),
    reward: reward?.reward ?? null,
    branches,
    ...defined({
      rewardParts: reward?.parts,
      status: getString(getObject(result, 'exception_info'), 'exception_type'),
      policy: getString(agent, 'model_name'),
      startedAt: (getList(root, 'steps') ?? []).map((step) => readTime(get(step, 'timestamp'))).find((time) => time !== undefined),
      tools: normalTools(get(agent, 'tool_definitions')),
    }),
  };
  const decoded = accept(rollout, notes);
  return decoded.ok && record !== root ? { ...decoded, fields: root } : decoded;
}

/** Harbor writes `verifier/reward.txt` and `result.json` of a trial; other writers put it among the extras. */
function rewardOf(record: unknown, root: JsonObject): ReturnType<typeof readReward> {
  const rewards = get(getObject(getObject(record, 'result'), 'verifier_result'), 'rewards');
  const extras = [getObject(root, 'extra'), getObject(getObject(root, 'final_metrics'), 'extra')].map((extra) => get(extra, 'reward'));
  return [rewards, get(record, 'reward'), ...extras].map((value) => readReward(value)).find((reward) => reward !== undefined);
}
