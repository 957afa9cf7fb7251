/**
 * Runs of smolagents on a set of questions, one a line: the question, the steps (where they are kept) and the answer.
 * https://huggingface.co/docs/smolagents
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import { addNote, type Complaint, type Format } from './format.ts';
import { describe, get, getId, getList, getString, isList, isObject, toJson, type JsonObject } from './json.ts';
import { looseMessages, opened } from './loose-messages.ts';
import { readMessages, readReward, readTime } from './messages.ts';

export const smolagents: Format = {
  id: 'smolagents',
  label: 'smolagents runs',
  beats: ['prompt-completion', 'chat'],
  detects: (record) =>
    getString(record, 'question') !== undefined &&
    (get(record, 'answer') !== undefined
      ? getString(record, 'agent_action_type') !== undefined || get(record, 'intermediate_steps') !== undefined
      : get(record, 'prediction') !== undefined && get(record, 'intermediate_steps') !== undefined),
  decode(record, context) {
    const notes: Complaint[] = [];
    const question = getString(record, 'question') ?? '';
    const steps = stepsOf(get(record, 'intermediate_steps'), notes);
    const answer = get(record, 'answer');
    const last = typeof answer === 'string' || typeof answer === 'number' ? String(answer) : '';
    // A whole memory begins with what the agent was told; the question is in it.
    const isWhole = steps.some((step) => step['role'] === 'user' || step['role'] === 'system');
    const messages = [
      ...(isWhole ? [] : [{ role: 'user', content: question }]),
      ...steps,
      ...(last === '' || steps.some((step) => step['content'] === last) ? [] : [{ role: 'assistant', content: last }]),
    ];
    if (messages.length === 1 && question === '') return [refuse('empty', 'a question or an answer', 'neither')];
    // `tool-call` repeats in the agent's words what the turn before it says.
    const read = readMessages(messages, { name: 'steps', notes, sampled: (message) => get(message, 'role') === 'assistant' });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const reward = readReward(get(record, 'reward') ?? get(record, 'correct') ?? get(record, 'is_correct'));
    const id = getId(record, 'run_id', 'id') ?? positionId(context);
    const policy = getString(record, 'model_id') ?? getString(record, 'agent_name');
    const startedAt = readTime(get(record, 'start_time'));
    const fields = { id, reward: reward?.reward ?? null, ...defined({ policy, startedAt }) };
    return [accept(singleRollout(fields, read.events, getId(record, 'task_id')), notes)];
  },
};

/** As memory steps (`model_output`, `tool_calls`, `observations`), messages, or texts of either. What is none is noted. */
function stepsOf(value: unknown, notes: Complaint[]): readonly JsonObject[] {
  const steps = opened(value) ?? [];
  if (!isList(steps)) {
    notes.push({ code: 'steps', expected: 'a list of steps at intermediate_steps', found: `${describe(steps)}; left out` });
    return [];
  }
  return steps.flatMap((given, index) => {
    const step = opened(given);
    if (typeof step === 'string') return step === '' ? [] : [{ role: 'assistant', content: step }];
    const read = isObject(step) ? messagesOf(step) : undefined;
    if (read !== undefined) return read;
    const expected = `a memory step, a message or a text at intermediate_steps[${index}]`;
    addNote(notes, { code: 'steps', expected, found: `${describe(step)}; left out` });
    return [];
  });
}

function messagesOf(step: JsonObject): readonly JsonObject[] | undefined {
  // The first step is the question.
  if (getString(step, 'task') !== undefined) return [];
  const output = step['model_output'] ?? step['llm_output'] ?? undefined;
  const error = errorOf(step['error']);
  const observed = step['observations'] ?? step['observation'] ?? undefined;
  const calls = getList(step, 'tool_calls');
  const told = [observed, error].flatMap((given) =>
    given === undefined ? [] : [typeof given === 'string' ? given : (toJson(given) ?? '')],
  );
  if (output === undefined && told.length === 0) return looseMessages([step], 'assistant');
  return [
    ...(output !== undefined || calls ? [{ role: 'assistant', content: output ?? '', ...(calls ? { tool_calls: calls } : {}) }] : []),
    ...(told.length === 0 ? [] : [{ role: 'tool', content: told.join('\n'), is_error: error !== undefined }]),
  ];
}

/** What the model is told of an error: the text of it, which may stand in an object with its type. */
function errorOf(error: unknown): unknown {
  return error === undefined || error === null || error === '' || error === false ? undefined : (getString(error, 'message') ?? error);
}
