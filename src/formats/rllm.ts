/**
 * rLLM episodes: `{id, task, trajectories: [{name, steps, reward}]}`. A trajectory (an agent's part of the episode) is a rollout; each step
 * is a call with `chat_completions`, and where the server gave them with the ids of prompt and response.
 * https://github.com/rllm-org/rllm/blob/main/rllm/agents/agent.py
 */
import type { Branch } from '../core/model/rollout.ts';
import { branchesOfCalls, type LoggedCall } from './call-branches.ts';
import { branchesOfChatCalls, messagesOfChatCalls, type ChatCall } from './chat-calls.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getId, getList, getString, isList, isObject, toJson } from './json.ts';
import { readMessages } from './messages.ts';
import { noteIds, readColumn, readIds } from './per-token.ts';
import { roleOf } from './roles.ts';
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
  const calls: ChatCall[] = [];
  const logged: LoggedCall[] = [];
  let unanswered: readonly unknown[] = [];
  for (const step of steps) {
    const messages = getList(step, 'chat_completions') ?? plainStep(step);
    // What precedes the step's answer is its prompt, and was sampled by the steps before if at all.
    const answer = messages.findLastIndex((message) => roleOf(get(message, 'role') ?? get(message, 'from')) === 'assistant');
    const reply = messages[answer];
    if (!isObject(reply)) {
      unanswered = messages;
      continue;
    }
    const policy = getId(step, 'weight_version');
    calls.push({ prompt: messages.slice(0, answer), reply, tail: messages.slice(answer + 1), ...defined({ policy }) });
    const call = callOf(step, 0, notes);
    if (call !== null) logged.push(call);
  }
  const rules = { name: 'chat_completions', notes };
  if (calls.length === 0) {
    const read = readMessages(unanswered, rules);
    return read.ok ? [{ events: read.events }] : read.complaint;
  }
  if (calls.length < steps.length)
    notes.push({
      code: 'step',
      expected: 'an answer in each step',
      found: `none in ${steps.length - calls.length} of ${steps.length}, which are left out`,
    });
  if (logged.length < calls.length) {
    const made = branchesOfChatCalls(calls, [], rules);
    return made.ok ? made.branches : made.complaint;
  }
  const told = messagesOfChatCalls(calls, rules);
  if (!told.ok) return told.complaint;
  const tail = calls.at(-1)?.tail?.length ?? 0;
  if (tail > 0)
    notes.push({ code: 'step', expected: 'ids of all messages', found: `none of ${tail} after the last answer, which are left out` });
  return branchesOfCalls(
    told.events,
    logged.map((call, k) => ({ ...call, at: told.at[k]! })),
  );
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
