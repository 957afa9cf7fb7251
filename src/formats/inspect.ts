/**
 * Inspect AI logs: `.json` documents with a list of samples, and `.eval` archives, of which the engine makes a record for each sample.
 * A sample and epoch is a rollout; its task is that of the evaluation with the sample's id. Its model calls are the truth: `messages` is
 * what a solver left at the end. https://inspect.aisi.org.uk/eval-logs.html
 */
import type { Branch, Rollout } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { inspectCalls, timingOf } from './inspect-calls.ts';
import { type InspectSample, readSample, sampleIn } from './inspect-sample.ts';
import { asChatMessage } from './inspect-messages.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject } from './json.ts';
import { branchesOfChatCalls } from './chat-calls.ts';
import { readMessages, readReward, readTime, type Timing } from './messages.ts';
import { oneLine, taskOf } from './task-key.ts';
import { normalTools } from './tools.ts';

export const inspect: Format = {
  id: 'inspect',
  label: 'Inspect AI',
  recordsAt: 'samples',
  beats: ['chat', 'prompt-completion'],
  detects: (record) => sampleIn(record) !== null || isLog(record) || isEvents(record),
  decode(record, context) {
    const sample = sampleIn(record);
    if (sample !== null) return [decodeSample(record, sample, context)];
    if (isEvents(record) && isObject(record)) {
      const whole = { id: getId(record, 'id') ?? positionId(context), epoch: 1, input: '', ...record };
      return [decodeSample(whole, whole, context)];
    }
    const what = isLog(record) ? `none, with status ${getString(record, 'status') ?? 'unknown'}` : 'none';
    return [refuse('no-samples', 'an evaluation with at least one sample, or a sample', what)];
  },
};

/** The document itself, where it has no samples. */
function isLog(record: unknown): boolean {
  return (
    getString(get(record, 'eval'), 'task') !== undefined && (getString(record, 'status') !== undefined || get(record, 'plan') !== undefined)
  );
}

/** Of these every sample has some. */
const EVENTS = new Set(['model', 'sample_init', 'span_begin', 'step']);

/** Events alone, as tools hand them on. */
function isEvents(record: unknown): boolean {
  const events = getList(record, 'events') ?? [];
  return (
    events.some((event) => EVENTS.has(getString(event, 'event') ?? '')) &&
    events.every((event) => getString(event, 'event') !== undefined && getString(event, 'timestamp') !== undefined)
  );
}

function decodeSample(record: unknown, sample: JsonObject, context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const read = readSample(record, sample, notes);
  if (read.tooMany !== null) return { ok: false, complaint: read.tooMany };
  const made = branchesOf(read, notes);
  if ('complaint' in made) return { ok: false, complaint: made.complaint };
  const header = getObject(context.document, 'header') ?? getObject(context.document, 'start') ?? context.document;
  const evaluation = getObject(header, 'eval');
  const id = getId(sample, 'id') ?? '';
  const task = getString(evaluation, 'task');
  const scored = scoresOf(sample);
  const calls = inspectCalls(read);
  const first = made.branches[0]?.events ?? [];
  const rollout: Rollout = {
    id: getString(sample, 'uuid') ?? `${getString(evaluation, 'run_id') ?? positionId(context)}/${id}/${String(get(sample, 'epoch'))}`,
    ...taskOf(first, task === undefined ? undefined : `inspect/${task}/${id}`),
    ...(task === undefined ? {} : { taskLabel: oneLine(`${task} ${id}`) }),
    reward: scored.reward,
    branches: made.branches,
    ...defined({
      rewardParts: scored.parts,
      status: statusOf(sample),
      policy: getString(get(sample, 'output'), 'model') ?? getString(evaluation, 'model') ?? calls.at(-1)?.policy,
      startedAt: readTime(get(sample, 'started_at')) ?? readTime(get(read.events[0], 'timestamp')) ?? readTime(get(evaluation, 'created')),
      tools: normalTools(read.resolved(calls.findLast(({ tools }) => isList(tools) && tools.length > 0)?.tools)),
    }),
  };
  const decoded = accept(rollout, notes);
  return decoded.ok && record !== sample ? { ...decoded, fields: sample } : decoded;
}

/** By its model calls where these are logged; otherwise the messages as one conversation. */
function branchesOf(read: InspectSample, notes: Complaint[]): { readonly branches: readonly Branch[] } | { readonly complaint: Complaint } {
  // Newer logs keep each message once, however often it is read.
  const known = new Map<JsonObject, JsonObject>();
  const resolved = (message: JsonObject): JsonObject => {
    const whole = known.has(message) ? undefined : read.resolved(message);
    const chat = known.get(message) ?? asChatMessage(isObject(whole) ? whole : message);
    known.set(message, chat);
    return chat;
  };
  const calls = inspectCalls(read).map((call) => ({ ...call, prompt: call.prompt.map(resolved), reply: resolved(call.reply) }));
  const messages = (read.messages ?? []).map(resolved);
  if (calls.length > 0) {
    const ran = toolTimings(read);
    const timing = (message: JsonObject): Timing | undefined => ran.get(getId(message, 'tool_call_id') ?? '');
    const made = branchesOfChatCalls(calls, messages, { name: 'events', notes, timing });
    return made.ok ? made : { complaint: made.complaint };
  }
  if (messages.length === 0)
    return { complaint: { code: 'empty', expected: 'messages, or events with model calls', found: errorOf(read.sample) } };
  // What a solver put in is no reply, though its role is the assistant's.
  const told = readMessages(messages, {
    name: 'messages',
    notes,
    sampled: (message, role) => role === 'assistant' && get(message, 'source') !== 'input',
  });
  return told.ok ? { branches: [{ events: told.events }] } : { complaint: told.complaint };
}

/** Id of a tool's call -> when it ran, where its event says when it began and ended. */
function toolTimings({ events }: InspectSample): Map<string, Timing> {
  const timings = new Map<string, Timing>();
  for (const event of events) {
    const id = getString(event, 'event') === 'tool' ? getId(event, 'id') : undefined;
    const timing = id === undefined ? undefined : timingOf(event);
    if (id !== undefined && timing?.seconds !== undefined) timings.set(id, timing);
  }
  return timings;
}

function errorOf(sample: JsonObject): string {
  const error = getString(get(sample, 'error'), 'message');
  return error === undefined ? 'neither' : oneLine(`neither, and the error ${error}`);
}

/** The first scorer gives the reward; all of them are parts of it. Version 1 has one score alone. */
function scoresOf(sample: JsonObject): { readonly reward: number | null; readonly parts?: Readonly<Record<string, number>> } {
  const scores = getObject(sample, 'scores') ?? { score: get(sample, 'score') };
  const parts: [string, number][] = [];
  let reward: number | null = null;
  for (const [name, score] of Object.entries(scores)) {
    const read = readReward(get(score, 'value') ?? (isObject(score) ? undefined : score));
    if (read === undefined || Number.isNaN(read.reward)) continue;
    reward ??= read.reward;
    if (read.parts === undefined) parts.push([name, read.reward]);
    else for (const [part, value] of Object.entries(read.parts)) parts.push([`${name}.${part}`, value]);
  }
  return parts.length < 2 ? { reward } : { reward, parts: Object.fromEntries(parts) };
}

function statusOf(sample: JsonObject): string | undefined {
  if (isObject(get(sample, 'error'))) return 'error';
  const limit = getString(get(sample, 'limit'), 'type');
  if (limit !== undefined) return `${limit} limit`;
  return getString(getList(get(sample, 'output'), 'choices')?.[0], 'stop_reason');
}
