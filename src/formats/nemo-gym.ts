/**
 * NeMo-Gym rollouts: a request and a reply in the shape of OpenAI's Responses API, with a reward, per line.
 * https://github.com/NVIDIA-NeMo/Gym
 */
import type { Branch, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls } from './call-branches.ts';
import { chainCalls } from './calls.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getId, getList, getObject, getString, isObject, toJson } from './json.ts';
import { readMessages, readReward, readTime } from './messages.ts';
import { type ItemMessage, itemMessages } from './responses.ts';
import { readSubmission } from './submission.ts';
import { oneLine, promptLabel, taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

export const nemoGym: Format = {
  id: 'nemo-gym',
  label: 'NeMo-Gym rollouts',
  beats: ['openai-reply', 'server-reply', 'prompt-completion', 'chat'],
  columns: { response: { output: { prompt_token_ids: 'read', generation_token_ids: 'read', generation_log_probs: 'read' } } },
  detects: (record) => isObject(get(record, 'responses_create_params')) && isObject(get(record, 'response')),
  decode: (record, context) => [decodeRollout(record, context)],
};

function decodeRollout(record: unknown, context: RecordContext): Decoded {
  const request = getObject(record, 'responses_create_params');
  const response = getObject(record, 'response');
  const output = getList(response, 'output');
  if (output === undefined) return refuse('output', 'a list of items at response.output', describe(get(response, 'output')));
  const notes: Complaint[] = [];
  const prompt = itemMessages(promptItems(request), notes);
  if (typeof prompt === 'string')
    return refuse('item', 'messages, calls, their outputs and reasoning in responses_create_params.input', prompt);
  const branches: Branch[] = [];
  for (const items of transcripts(output)) {
    const replies = itemMessages(items, notes);
    if (typeof replies === 'string') return refuse('item', 'messages, calls, their outputs and reasoning in response.output', replies);
    const all = [...prompt, ...replies];
    const read = readMessages(
      all.map(({ message }) => message),
      {
        name: 'items',
        notes,
        sampled: (_, role, index) => role === 'assistant' && index >= prompt.length,
      },
    );
    if (!read.ok) return read;
    const own = branchesOf(read.events, all, notes);
    const rewritten = branches.length > 0;
    for (const branch of own) branches.push(rewritten ? { cause: 'rewrite', ...branch } : branch);
  }
  const first = branches[0]?.events ?? [];
  if (!first.some((event) => event.tokens !== undefined || event.parts.some((part) => part.text !== '' || part.tool !== undefined))) {
    return refuse('empty', 'a prompt or a reply', 'neither');
  }
  const reward = readReward(get(record, 'reward')) ?? readReward(get(response, 'reward'));
  const model = getString(response, 'model') ?? '';
  const hasIds = first.some((event) => event.tokens?.ids !== undefined);
  const rollout: Rollout = {
    id: rolloutId(record, context),
    ...identify(record, request, first, context),
    reward: reward?.reward ?? null,
    branches,
    ...defined({
      rewardParts: reward?.parts,
      status: statusOf(record, response),
      submission: readSubmission(record),
      startedAt: readTime(get(response, 'created_at')),
      tools: readTools([request]),
      tokenizer: hasIds && model.includes('/') ? model : undefined,
    }),
  };
  return accept(rollout, notes);
}

function promptItems(request: unknown): readonly unknown[] {
  const instructions = getString(request, 'instructions') ?? '';
  const input = get(request, 'input');
  const items = typeof input === 'string' && input !== '' ? [{ role: 'user', content: input }] : input;
  const list = Array.isArray(items) ? (items as unknown[]) : [];
  return instructions === '' ? list : [{ role: 'system', content: instructions }, ...list];
}

/**
 * Some harnesses log the transcript anew after each call (a list of lists). Where a transcript goes on from the one
 * before, only the longer one is needed; where it does not, both are.
 */
function transcripts(output: readonly unknown[]): (readonly unknown[])[] {
  if (output.length === 0 || !output.every((entry) => Array.isArray(entry))) return [output];
  const lists = output as readonly (readonly unknown[])[];
  const keys = new Map<string, number>();
  const calls = lists.map((items) => ({
    prompt: items.map((item) => {
      const key = itemKey(item);
      if (!keys.has(key)) keys.set(key, keys.size);
      return keys.get(key)!;
    }),
    completion: [],
  }));
  return chainCalls(calls).map(({ links }) => lists[links.at(-1)!.call]!);
}

function itemKey(item: unknown): string {
  const content = get(item, 'content') ?? get(item, 'output') ?? get(item, 'arguments') ?? get(item, 'summary');
  return toJson([get(item, 'type'), get(item, 'role'), get(item, 'name'), content]) ?? '';
}

/** By ids where every reply has them; else one branch of text. */
function branchesOf(events: readonly RolloutEvent[], messages: readonly ItemMessage[], notes: Complaint[]): Branch[] {
  const calls: { at: number; prompt: Int32Array; completion: Int32Array; logprobs?: Float64Array }[] = [];
  let replies = 0;
  let misfit: string | undefined;
  messages.forEach(({ ids }, at) => {
    if (events[at]!.sampled) replies++;
    if (ids === null) return;
    calls.push({ at, prompt: ids.prompt, completion: ids.completion, ...(ids.logprobs === null ? {} : { logprobs: ids.logprobs }) });
    misfit ??= ids.misfit;
  });
  if (calls.length < replies || calls.length === 0) {
    if (calls.length > 0) {
      notes.push({ code: 'token-ids', expected: `token ids on all ${replies} replies`, found: `on ${calls.length}; texts are used` });
    }
    return [{ events: events.filter((event) => event.parts.length > 0) }];
  }
  if (misfit !== undefined) notes.push({ code: 'per-token', expected: 'a log-prob for each generated id', found: `${misfit}; left out` });
  const last = calls.at(-1)!.at;
  if (last < events.length - 1) {
    notes.push({
      code: 'after-last-call',
      expected: 'token ids for every message',
      found: `${events.length - 1 - last} messages after the last call, which appear in no prompt; left out`,
    });
  }
  return branchesOfCalls(events, calls);
}

function rolloutId(record: unknown, context: RecordContext): string {
  const task = getId(record, '_ng_task_index');
  const repeat = getId(record, '_ng_rollout_index');
  if (task !== undefined && repeat !== undefined) return `${task}/${repeat}`;
  return getId(getObject(record, 'response'), 'id') ?? positionId(context);
}

/** Task indexes count within one file. */
function identify(
  record: unknown,
  request: unknown,
  first: readonly RolloutEvent[],
  context: RecordContext,
): { task: string; taskLabel: string } {
  const index = getId(record, '_ng_task_index') ?? getId(record, 'task_idx');
  if (index === undefined) return taskOf(first);
  const instance = getId(getObject(request, 'metadata'), 'instance_id', 'problem_id', 'task_id');
  const label = instance ?? promptLabel(first);
  return { task: `${context.path}#${index}`, taskLabel: label === '' ? `task ${index}` : oneLine(label) };
}

function statusOf(record: unknown, response: unknown): string | undefined {
  if (get(record, 'agent_timed_out') === true) return 'agent timed out';
  const reason = getString(getObject(response, 'incomplete_details'), 'reason');
  if (reason !== undefined) return `incomplete: ${reason}`;
  const error = getString(getObject(response, 'error'), 'message');
  if (error !== undefined) return `error: ${oneLine(error)}`;
  if (get(record, 'truncated') === true) return 'truncated';
  if (get(record, 'terminated') === true) return 'terminated';
  return getString(response, 'status');
}
