/** Spans of one trace to one rollout: model calls of which each prompt goes on from an earlier reply are one branch. */
import type { Branch, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, refuse } from './envelope.ts';
import type { Complaint, Decoded } from './format.ts';
import { getString, toNumber, type JsonObject } from './json.ts';
import { looseMessages, opened } from './loose-messages.ts';
import { branchesOfMessages, type MessageCall } from './message-calls.ts';
import { readMessages } from './messages.ts';
import { callOfSpan, isModelCall, isToolCall, type SpanCall } from './span-calls.ts';
import { spanKey, type Span } from './span.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

/** What a tracer knows of a trace besides its spans. */
export interface TraceFacts {
  readonly id?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly rewardParts?: Readonly<Record<string, number>>;
  readonly status?: string;
  /** Members that are columns of the rollout. */
  readonly fields?: JsonObject;
}

/** Spans by trace, each trace in the order of its first span; spans without one stand alone. */
export function byTrace<Of>(spans: readonly (readonly [Span, Of])[]): (readonly (readonly [Span, Of])[])[] {
  const traces = new Map<string, (readonly [Span, Of])[]>();
  for (const [index, entry] of spans.entries()) {
    const key = entry[0].trace === '' ? `\n${index}` : entry[0].trace;
    const known = traces.get(key);
    if (known === undefined) traces.set(key, [entry]);
    else known.push(entry);
  }
  return [...traces.values()];
}

/** One rollout, or why there is none. @param fallback its id where the trace has none */
export function rolloutOfTrace(given: readonly Span[], fallback: string, facts: TraceFacts = {}): Decoded {
  const spans = inOrder(distinct(given));
  const notes: Complaint[] = [];
  const calls = spans.filter((span) => isModelCall(span));
  const branches = ofCalls(calls, toolSpans(spans), notes) ?? ofTurns(spans, facts, notes) ?? ofEnds(spans, facts, notes);
  const events = branches?.[0]?.events ?? [];
  if (branches === null || events.length === 0)
    return refuse('side-file', 'a call of a model with its messages', `spans without any: ${namesOf(spans)}`);
  const [first] = spans;
  const starts = spans.map(({ start }) => start).filter((start) => !Number.isNaN(start));
  const rewards = Object.values(facts.rewardParts ?? {});
  const rollout: Rollout = {
    id: facts.id ?? ((first && spanKey(first)) || fallback),
    ...taskOf(events),
    reward: rewards.length === 1 ? (rewards[0] ?? null) : null,
    branches,
    ...defined({
      rewardParts: facts.rewardParts,
      status: facts.status,
      policy: modelOf(calls),
      tools: readTools(calls.flatMap(({ input, attributes }) => [opened(input), { tools: attributes['mlflow.chat.tools'] }])),
      startedAt: starts.length === 0 ? undefined : starts.reduce((first, start) => Math.min(first, start), Infinity),
    }),
  };
  const entry = accept(rollout, notes);
  return entry.ok ? { ...entry, fields: { ...facts.fields, spans: spans.length, calls: calls.length } } : entry;
}

function namesOf(spans: readonly Span[]): string {
  return [...new Set(spans.map(({ name }) => name))].slice(0, 4).join(', ').slice(0, 120) || 'no names';
}

/** A span that is exported twice is one. */
function distinct(spans: readonly Span[]): Span[] {
  const seen = new Set<string>();
  return spans.filter(({ id }) => {
    if (id === '' || !seen.has(id)) {
      seen.add(id);
      return true;
    }
    return false;
  });
}

function inOrder(spans: readonly Span[]): Span[] {
  const at = ({ start }: Span): number => (Number.isNaN(start) ? Infinity : start);
  return spans.toSorted((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}

function modelOf(calls: readonly Span[]): string | undefined {
  for (const { attributes } of calls)
    for (const key of ['gen_ai.response.model', 'ai.response.model', 'llm.model_name', 'gen_ai.request.model', 'model']) {
      const model = attributes[key];
      if (typeof model === 'string' && model !== '') return model;
    }
  return calls.map(({ input, output }) => getString(opened(output), 'model') ?? getString(opened(input), 'model')).find((model) => !!model);
}

function eventsOf(messages: readonly JsonObject[], sampled: boolean, notes: Complaint[]): readonly RolloutEvent[] | null {
  const read = readMessages(messages, { name: 'messages', notes, sampled: (_, role) => sampled && role === 'assistant' });
  return read.ok ? read.events : null;
}

/** Where every call holds its whole prompt. Null: some do not. */
function ofCalls(spans: readonly Span[], ran: ReadonlyMap<string, Span>, notes: Complaint[]): readonly Branch[] | null {
  if (spans.length === 0) return null;
  const calls: MessageCall[] = [];
  for (const span of spans) {
    const { prompt, reply } = callOfSpan(span);
    if (prompt === undefined || !isPrompt(prompt, spans.length)) return null;
    const read = eventsOf(prompt, false, notes);
    const wrote = eventsOf(reply ?? [], true, notes);
    if (read === null || wrote === null) return null;
    calls.push({ prompt: withTools(read, ran), reply: timed(wrote, span) });
  }
  return branchesOfMessages(calls);
}

/** Events of a span: the first took as long as the span, what is written with it no longer. */
function timed(events: readonly RolloutEvent[], { start, end }: Span): readonly RolloutEvent[] {
  if (!(end >= start)) return events;
  return events.map((event, i) => ({ ...event, time: end, seconds: i === 0 ? end - start : 0 }));
}

/** Id of a tool's call -> the span in which it ran. */
function toolSpans(spans: readonly Span[]): ReadonlyMap<string, Span> {
  const ran = new Map<string, Span>();
  for (const span of spans) {
    const id = isToolCall(span) ? span.attributes['gen_ai.tool.call.id'] : undefined;
    if (typeof id === 'string') ran.set(id, span);
  }
  return ran;
}

function withTools(events: readonly RolloutEvent[], ran: ReadonlyMap<string, Span>): readonly RolloutEvent[] {
  if (ran.size === 0) return events;
  return events.map((event) => {
    const span = event.role === 'tool' ? ran.get(event.parts[0]?.callId ?? '') : undefined;
    return span === undefined ? event : (timed([event], span)[0] ?? event);
  });
}

/** A tracer that writes down one message of each turn writes no prompts. */
function isPrompt(prompt: readonly JsonObject[], calls: number): boolean {
  return calls === 1 || prompt.length > 1 || prompt[0]?.['role'] !== 'assistant';
}

interface Told {
  readonly span: Span;
  readonly messages: readonly JsonObject[];
  readonly sampled: boolean;
}

/**
 * Where calls have answers and tools have results, in the order in which they began: one branch, and what opens it. Null where no
 * call has an answer.
 */
function ofTurns(spans: readonly Span[], facts: TraceFacts, notes: Complaint[]): readonly Branch[] | null {
  const told: Told[] = [];
  let opening: SpanCall['prompt'] = looseMessages(facts.input, 'user');
  for (const span of spans) {
    const { prompt, reply } = callOfSpan(span);
    if (isModelCall(span)) {
      if (reply !== undefined) told.push({ span, messages: reply, sampled: true });
      opening ??= prompt;
    } else if (isToolCall(span) && reply !== undefined) {
      const text = reply.map((message) => message['content']);
      told.push({ span, messages: [{ role: 'tool', name: toolName(span), content: text.flat() }], sampled: false });
    } else if (span.parent === '') opening = prompt ?? opening;
  }
  if (!told.some(({ sampled }) => sampled)) return null;
  const before = eventsOf(opening ?? [], false, notes) ?? [];
  const events = told
    .toSorted(({ span: a }, { span: b }) => (Number.isNaN(a.start) || Number.isNaN(b.start) ? 0 : a.start - b.start))
    .flatMap(({ span, messages, sampled }) => timed(eventsOf(messages, sampled, notes) ?? [], span));
  return [{ events: [...before, ...events] }];
}

function toolName({ name, attributes }: Span): string {
  const told = attributes['gen_ai.tool.name'] ?? attributes['tool.name'];
  return typeof told === 'string' ? told : name;
}

/** Where no call is told of: what went into the whole and what came out. */
function ofEnds(spans: readonly Span[], facts: TraceFacts, notes: Complaint[]): readonly Branch[] | null {
  const root = spans.find(({ parent, attributes }) => parent === '' && toNumber(attributes['gen_ai.tool.call.id']) === undefined);
  const call = root === undefined || isToolCall(root) ? undefined : callOfSpan(root);
  const prompt = looseMessages(facts.input, 'user') ?? call?.prompt;
  const reply = looseMessages(facts.output, 'assistant') ?? call?.reply;
  if (prompt === undefined || reply === undefined) return null;
  const events = [...(eventsOf(prompt, false, notes) ?? []), ...(eventsOf(reply, true, notes) ?? [])];
  return [{ events }];
}
