/**
 * verifiers evaluation results (`results.jsonl` beside `metadata.json`) and prime-rl's `step_N/train_rollouts.jsonl`:
 * `{example_id | id, prompt, completion, reward, task | metrics, …}`. The task is the prompt: `example_id` counts within
 * an environment and its seed. Where `trajectory` holds the ids of each model call, they are the tokens and decide the
 * branches. `vf.generate` saves the same records as `{metadata, outputs: […]}`.
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import type { LoggedCall } from './call-branches.ts';
import { branchesOfCalls } from './call-branches.ts';
import { accept, defined, positionId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { asLogged, get, getId, getList, getNumber, getObject, getString, has, isObject } from './json.ts';
import { looksLikeMessages, readReward, readRewardParts, readTime } from './messages.ts';
import { alignToMask, faultNote, noteIds, readIds } from './per-token.ts';
import { readPair } from './pair.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

/** Top-level numbers that are no metric. Older files write every metric at the top level. */
const NOT_METRICS: ReadonlySet<string> = new Set([
  'id',
  'example_id',
  'reward',
  'generation_ms',
  'scoring_ms',
  'total_ms',
  'step',
  'step_index',
  'env_seed',
  'sampler_seed',
  'seed',
  'is_completed',
  'is_truncated',
  'rollout_index',
  'advantage',
  'turn',
  'timestamp',
  'answer',
  'task',
]);

function isSide(value: unknown): boolean {
  return typeof value === 'string' || looksLikeMessages(value) || (Array.isArray(value) && value.length === 0);
}

function metricsOf(record: unknown): Readonly<Record<string, number>> | undefined {
  const metrics = readRewardParts(getObject(record, 'metrics'));
  if (metrics || !isObject(record)) return metrics;
  return readRewardParts(
    Object.fromEntries(
      Object.keys(record)
        .filter((key) => !NOT_METRICS.has(key) && typeof record[key] === 'number')
        .map((key) => [key, record[key]]),
    ),
  );
}

function statusOf(record: unknown): string | undefined {
  const error = get(record, 'error');
  if (isObject(error)) return `error: ${getString(error, 'error') ?? getString(error, 'type') ?? getString(error, 'message') ?? 'unnamed'}`;
  if (typeof error === 'string' && error !== '') return `error: ${error.slice(0, 80)}`;
  if (get(record, 'is_truncated') === true) return 'truncated';
  const stop = getString(record, 'stop_condition');
  if (stop !== undefined) return stop;
  const completed = get(record, 'is_completed');
  return typeof completed === 'boolean' ? (completed ? 'completed' : 'incomplete') : undefined;
}

/** The messages of all calls in order, each once, and where each call's reply stands among them. */
interface Told {
  readonly events: readonly RolloutEvent[];
  readonly replies: readonly number[];
}

/** From prompt and completion, where they hold one reply for each call. */
function toldByRollout(events: readonly RolloutEvent[], calls: number): Told | null {
  const replies: number[] = [];
  events.forEach((event, index) => {
    if (event.sampled) replies.push(index);
  });
  return replies.length === calls ? { events, replies } : null;
}

/** From the messages of the calls themselves; a prompt's first messages are those of the call before, by their number. */
function toldByCalls(steps: readonly unknown[], notes: Complaint[]): Told | null {
  const events: RolloutEvent[] = [];
  const replies: number[] = [];
  let before = 0;
  for (const step of steps) {
    const read = readPair(get(step, 'prompt'), get(step, 'completion'), notes);
    if (!read.ok) return null;
    const reply = read.events.findLastIndex((event) => event.sampled);
    if (reply < 0) return null;
    for (let i = Math.min(before, reply); i < read.events.length; i++) {
      const event = read.events[i];
      if (i === reply) replies.push(events.length);
      if (event) events.push(event);
    }
    before = read.events.length;
  }
  return { events, replies };
}

/** Branches by the ids of the rollout's calls, or null where there are no calls or one of them has no ids. */
function branchesFromCalls(record: unknown, events: readonly RolloutEvent[], notes: Complaint[]): readonly Branch[] | null {
  const steps = getList(record, 'trajectory') ?? [];
  const ids = steps.map((step) => readCallIds(get(step, 'tokens')));
  const known = ids.filter((call) => call !== null).length;
  if (known > 0 && known < ids.length)
    notes.push({ code: 'token-ids', expected: `token ids of all ${ids.length} model calls`, found: `of ${known}; texts are used` });
  if (known < ids.length)
    noteIds(
      steps.flatMap((step) => [get(get(step, 'tokens'), 'prompt_ids'), get(get(step, 'tokens'), 'completion_ids')]),
      'prompt_ids and completion_ids',
      notes,
    );
  if (known === 0 || known < ids.length) return null;
  const told = toldByRollout(events, steps.length) ?? toldByCalls(steps, notes);
  if (!told)
    notes.push({
      code: 'calls',
      expected: `${steps.length} answers, one for each model call`,
      found: 'a different number; the tokens of the calls have no text',
    });
  const calls: LoggedCall[] = [];
  ids.forEach((call, index) => {
    if (!call) return;
    const at = told?.replies[index] ?? 0;
    const everyToken = new Uint8Array(call.completion.length).fill(1);
    const logged = alignToMask(get(get(steps[index], 'tokens'), 'completion_logprobs'), everyToken);
    if (logged && !logged.ok)
      notes.push({ code: 'logprobs', expected: `log-probs for ${logged.expected}`, found: `${logged.found}; they are left out` });
    if (logged?.ok && logged.fault) notes.push(faultNote(logged.fault, 'completion_logprobs'));
    calls.push({ ...call, at, ...(logged?.ok ? { logprobs: logged.values } : {}) });
  });
  return branchesOfCalls(told?.events ?? [], calls);
}

function readCallIds(tokens: unknown): { readonly prompt: Int32Array; readonly completion: Int32Array } | null {
  const prompt = readIds(get(tokens, 'prompt_ids'));
  const completion = readIds(get(tokens, 'completion_ids'));
  return prompt === null || completion === null || completion.length === 0 ? null : { prompt, completion };
}

/** The advantage of the rollout, where every call that has one has the same. */
function advantageOf(record: unknown): number | undefined {
  const own = asLogged(get(record, 'advantage'));
  if (own !== undefined) return own;
  let shared: number | undefined;
  for (const step of getList(record, 'trajectory') ?? []) {
    const advantage = asLogged(get(step, 'advantage'));
    if (advantage === undefined) continue;
    if (shared !== undefined && shared !== advantage) return undefined;
    shared = advantage;
  }
  return shared;
}

export const verifiersResults: Format = {
  id: 'verifiers-results',
  label: 'verifiers results',
  beats: ['verl', 'prompt-completion', 'chat'],
  recordsAt: 'outputs',
  detects: (record) =>
    isObject(record) &&
    has(record, 'reward') &&
    (has(record, 'example_id') || has(record, 'id')) &&
    (has(record, 'task') || has(record, 'metrics') || has(record, 'generation_ms') || has(record, 'is_completed')) &&
    isSide(get(record, 'prompt')) &&
    isSide(get(record, 'completion')),
  columns: {
    trajectory: {
      tokens: { prompt_ids: 'read', completion_ids: 'read', completion_logprobs: 'read', prompt_mask: 'unread', completion_mask: 'unread' },
    },
  },
  decode(record, context) {
    const notes: Complaint[] = [];
    if (!isObject(record) || !isSide(get(record, 'prompt')) || !isSide(get(record, 'completion')))
      return [refuseShape('an object with prompt and completion, each text or messages', record, 'prompt', 'completion')];
    const read = readPair(get(record, 'prompt'), get(record, 'completion'), notes);
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    const { events } = read;
    if (events.length === 0) return [refuse('empty', 'a message in prompt or completion', 'none')];
    const info = getObject(record, 'info');
    const branches = branchesFromCalls(record, events, notes) ?? [{ events }];
    return [
      accept(
        {
          id: getId(record, 'rollout_id', 'trajectory_id') ?? positionId(context),
          ...taskOf(events),
          reward: readReward(get(record, 'reward'))?.reward ?? null,
          ...defined({
            rewardParts: metricsOf(record),
            advantage: advantageOf(record),
            status: statusOf(record),
            // prime-rl writes one folder for each step of the policy.
            policy: getId(record, 'step', 'step_index') ?? /(?:^|\/)step_(\d+)\//.exec(context.path)?.[1],
            startedAt: readTime(getNumber(getObject(record, 'timing'), 'start_time')),
            tools: readTools([record, info]),
          }),
          branches,
        },
        notes,
      ),
    ];
  },
};
