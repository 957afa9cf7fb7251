/**
 * rLLM episodes: `{id, task, trajectories: [{name, steps, reward}]}`. A trajectory (an agent's part of the episode) is a rollout; each step
 * is a call with `chat_completions`, and where the server gave them with the ids of prompt and response.
 * https://github.com/rllm-org/rllm/blob/main/rllm/agents/agent.py
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, type LoggedCall } from './call-branches.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getId, getList, getString, isList, isObject, toJson } from './json.ts';
import { readMessages } from './messages.ts';
import { noteIds, readColumn, readIds } from './per-token.ts';
import { oneLine, taskOf } from './task-key.ts';

export const rllm: Format = {
  id: 'rllm',
  label: 'rLLM episodes',
  beats: ['chat'],
  detects: (record) =>
    isObject(record) && (getList(record, 'trajectories') ?? []).some((trajectory) => getList(trajectory, 'steps')?.some(isStep)),
  decode(record, context) {
    const trajectories = getList(record, 'trajectories') ?? [];
    if (trajectories.length === 0) return [refuse('episode-empty', 'at least one trajectory', 'none')];
    return trajectories.map((trajectory, i) => decodeTrajectory(record, trajectory, i, trajectories.length, context));
  },
};

function isStep(step: unknown): boolean {
  return isObject(step) && (getList(step, 'chat_completions') !== undefined || get(step, 'model_response') !== undefined);
}

function decodeTrajectory(record: unknown, trajectory: unknown, i: number, count: number, context: RecordContext): Decoded {
  const steps = getList(trajectory, 'steps') ?? [];
  if (steps.length === 0) return refuse('steps-empty', `at least one step in trajectory ${i}`, describe(get(trajectory, 'steps')));
  const notes: Complaint[] = [];
  const branches = readSteps(steps, notes);
  if (!isList(branches)) return { ok: false, complaint: branches };
  const episode = getId(record, 'id');
  const name = getString(trajectory, 'name');
  const told = taskOf(branches[0]?.events ?? [], episode?.replace(/:\d+$/, ''));
  const question = getString(get(record, 'task'), 'question') ?? getString(record, 'task');
  return accept(
    {
      id: count === 1 ? (episode ?? positionId(context)) : `${episode ?? positionId(context)}/${name ?? i}`,
      task: count === 1 || name === undefined ? told.task : `${told.task} (${name})`,
      taskLabel: question === undefined ? told.taskLabel : oneLine(question),
      reward:
        asLogged(get(trajectory, 'reward')) ??
        asLogged(get(record, 'is_correct') === true ? 1 : get(record, 'is_correct') === false ? 0 : undefined) ??
        null,
      ...defined({ status: getString(record, 'termination_reason'), policy: getId(steps[0], 'weight_version') }),
      branches,
    },
    notes,
  );
}

/** By ids where each step has them; else each step's messages, those that go on from the step before in one branch. */
function readSteps(steps: readonly unknown[], notes: Complaint[]): readonly Branch[] | Complaint {
  const told: RolloutEvent[] = [];
  const calls: LoggedCall[] = [];
  const branches: RolloutEvent[][] = [];
  for (const [s, step] of steps.entries()) {
    const read = readMessages(getList(step, 'chat_completions') ?? plainStep(step), { name: `steps[${s}].chat_completions`, notes });
    if (!read.ok) return read.complaint;
    const answer = read.events.findLastIndex(({ role }) => role === 'assistant');
    // What precedes the step's answer is its prompt, and was sampled by the steps before if at all.
    const events = read.events.slice(0, answer + 1).map((event, i) => (i === answer ? event : { ...event, sampled: false }));
    const last = branches.at(-1);
    const news = last !== undefined && events.length > last.length ? events.slice(last.length) : events;
    if (news === events || last === undefined) branches.push([...events]);
    else for (const event of news) last.push(event);
    for (const event of news) told.push(event);
    const call = callOf(step, told.length - 1, notes);
    if (call !== null) calls.push(call);
  }
  if (calls.length === steps.length) return branchesOfCalls(told, calls);
  return branches.map((events, b): Branch => (b === 0 ? { events } : { events, cause: 'rewrite' }));
}

function plainStep(step: unknown): readonly object[] {
  const seen = get(step, 'observation') ?? get(step, 'input');
  const text = typeof seen === 'string' ? seen : (toJson(seen) ?? '');
  return [
    { role: 'user', content: text },
    { role: 'assistant', content: getString(step, 'model_response') ?? '' },
  ];
}

function callOf(step: unknown, at: number, notes: Complaint[]): LoggedCall | null {
  const prompt = readIds(get(step, 'prompt_ids'));
  const completion = readIds(get(step, 'response_ids'));
  if (prompt === null || completion === null) {
    noteIds([get(step, 'prompt_ids'), get(step, 'response_ids')], 'prompt_ids and response_ids', notes);
    return null;
  }
  const logprobs = readColumn(get(step, 'logprobs'), new Uint8Array(completion.length).fill(1), 'logprobs', notes);
  return { at, prompt, completion, ...defined({ logprobs }) };
}
