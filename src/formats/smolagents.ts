/**
 * Runs of smolagents on a set of questions, one a line: the question, the steps (where they are kept) and the answer.
 * https://huggingface.co/docs/smolagents
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getId, getList, getString, isList, isObject, type JsonObject } from './json.ts';
import { looseMessages, opened } from './loose-messages.ts';
import { readMessages, readReward, readTime } from './messages.ts';

export const smolagents: Format = {
  id: 'smolagents',
  label: 'smolagents runs',
  beats: ['prompt-completion', 'chat'],
  detects: (record) =>
    getString(record, 'question') !== undefined &&
    get(record, 'answer') !== undefined &&
    (getString(record, 'agent_action_type') !== undefined || get(record, 'intermediate_steps') !== undefined),
  decode(record, context) {
    const notes: Complaint[] = [];
    const question = getString(record, 'question') ?? '';
    const steps = stepsOf(get(record, 'intermediate_steps'));
    const answer = get(record, 'answer');
    const last = typeof answer === 'string' || typeof answer === 'number' ? String(answer) : '';
    const messages = [
      { role: 'user', content: question },
      ...steps,
      ...(last === '' || steps.some((step) => step['content'] === last) ? [] : [{ role: 'assistant', content: last }]),
    ];
    if (messages.length === 1 && question === '') return [refuse('empty', 'a question or an answer', 'neither')];
    const read = readMessages(messages, { name: 'steps', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const reward = readReward(get(record, 'reward') ?? get(record, 'correct') ?? get(record, 'is_correct'));
    const id = getId(record, 'run_id', 'id') ?? positionId(context);
    const policy = getString(record, 'model_id');
    const startedAt = readTime(get(record, 'start_time'));
    return [accept(singleRollout({ id, reward: reward?.reward ?? null, ...defined({ policy, startedAt }) }, read.events), notes)];
  },
};

/** As memory steps (`model_output`, `tool_calls`, `observations`), messages, or texts of either. */
function stepsOf(value: unknown): readonly JsonObject[] {
  const steps = opened(value);
  if (!isList(steps)) return [];
  return steps.flatMap((given): readonly JsonObject[] => {
    const step = opened(given);
    if (typeof step === 'string') return step === '' ? [] : [{ role: 'assistant', content: step }];
    if (!isObject(step)) return [];
    const output = step['model_output'] ?? step['llm_output'];
    const observed = step['observations'] ?? step['observation'];
    const calls = getList(step, 'tool_calls');
    const task = getString(step, 'task');
    if (task !== undefined) return [];
    if (output === undefined && observed === undefined) return looseMessages([step], 'assistant') ?? [];
    return [
      ...(typeof output === 'string' || calls
        ? [{ role: 'assistant', content: output ?? '', ...(calls ? { tool_calls: calls } : {}) }]
        : []),
      ...(typeof observed === 'string' ? [{ role: 'tool', content: observed, error: get(step, 'error') }] : []),
    ];
  });
}
