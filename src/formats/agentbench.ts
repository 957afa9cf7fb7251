/**
 * Runs of AgentBench (`runs.jsonl`): `{index, output: {status, result, history: [{role: "user" | "agent", content}]}, time}`.
 * https://github.com/THUDM/AgentBench
 */
import { accept, defined, positionId, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, getObject, getString, isList, isObject } from './json.ts';
import { looksLikeMessages, readMessages, readReward, readTime } from './messages.ts';
import { oneLine } from './task-key.ts';

export const agentbench: Format = {
  id: 'agentbench',
  label: 'AgentBench runs',
  beats: ['chat', 'server-reply', 'openai-reply'],
  detects: (record) => {
    const output = getObject(record, 'output');
    return isObject(record) && get(record, 'index') !== undefined && (looksLikeMessages(get(output, 'history')) || isFailed(record));
  },
  decode(record, context) {
    const output = getObject(record, 'output');
    const history = getList(output, 'history');
    const error = getString(record, 'error');
    if (history === undefined && error !== undefined) return [refuse('run-failed', 'a run with a history', `the error ${oneLine(error)}`)];
    if (history === undefined) return [refuseShape('a history in output', record, 'output')];
    if (history.length === 0) return [refuse('empty', 'at least one message in output.history', 'an empty list')];
    const notes: Complaint[] = [];
    const scripted = isScripted(history[1]);
    if (scripted)
      notes.push({ code: 'scripted', expected: 'turns of the model', found: 'a first answer that the harness wrote; it is not sampled' });
    const sampled = (_: unknown, role: string, at: number): boolean => role === 'assistant' && !(scripted && at === 1);
    const read = readMessages(history, { name: 'output.history', notes, sampled });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const index = getId(record, 'index') ?? String(context.index);
    const fields = { id: `${positionId(context)}/${index}`, reward: rewardOf(get(output, 'result')) };
    const time = readTime(get(getObject(record, 'time'), 'timestamp'));
    return [accept(singleRollout({ ...fields, ...defined({ status: getString(output, 'status'), startedAt: time }) }, read.events), notes)];
  },
};

/** Tasks begin with rules and the agent's consent to them, which is part of the prompt. */
function isScripted(message: unknown): boolean {
  return getString(message, 'role') === 'agent' && /^ok(?:ay)?[.,!](?: .{0,80})?$/i.test(getString(message, 'content')?.trim() ?? '');
}

/** A run that ended before it began has an error in place of an output. */
function isFailed(record: unknown): boolean {
  return get(record, 'output') === null && getString(record, 'error') !== undefined && get(record, 'time') !== undefined;
}

/** A verdict or a score of the task's own judge; answers to be judged later are none. */
function rewardOf(result: unknown): number | null {
  if (typeof result === 'boolean' || typeof result === 'number') return readReward(result)?.reward ?? null;
  if (!isObject(result) || isList(result)) return null;
  for (const key of ['result', 'is_correct', 'reward', 'score', 'success']) {
    const value = result[key];
    if (typeof value === 'boolean' || typeof value === 'number') return readReward(value)?.reward ?? null;
  }
  return null;
}
