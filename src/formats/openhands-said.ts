/**
 * Events of OpenHands as chat messages: V0 (actions and observations, flat or in pairs) and V1 (events by kind). A condensation takes
 * events out of what the model sees from then on, so the view after it is a branch of its own.
 * https://github.com/All-Hands-AI/OpenHands/tree/main/openhands/events, https://github.com/OpenHands/software-agent-sdk
 */
import { MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { defined } from './envelope.ts';
import { manyMessages } from './expansion.ts';
import type { Complaint } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { type MessagesRead, nameResults, readMessage } from './messages.ts';
import { normalTools } from './tools.ts';

/** A message and the events that it comes of. */
interface Said {
  message: JsonObject;
  readonly sampled: boolean;
  readonly ids: string[];
  readonly isSummary?: boolean;
  /** Several actions are joined in it, so that its list of calls is its own. */
  isJoined?: boolean;
}

export type EventsRead =
  { readonly ok: true; readonly branches: readonly Branch[] } | { readonly ok: false; readonly complaint: Complaint };

export function readEvents(events: readonly JsonObject[], notes: Complaint[]): EventsRead {
  const branches: Branch[] = [];
  let view: Said[] = [];
  let cause: string | undefined;
  let isNew = false;
  /** Messages and events that were looked at for the views of condensations. */
  let looked = 0;
  const reading = makeReading(notes);
  const close = (): Complaint | null => {
    looked += view.length;
    if (looked > MAX_ROLLOUT_MESSAGES) return manyMessages();
    const read = reading(view);
    if (!read.ok) return read.complaint;
    branches.push({ events: read.events, ...defined({ cause }) });
    return null;
  };
  /** Response -> its message, where several actions are of one. */
  const replies = new Map<string, number>();
  const numbers = new Map(events.flatMap((event) => numberOf(event)));
  for (const event of events) {
    const condensed = condensationOf(event, numbers);
    if (condensed !== null) {
      if (isNew) {
        const complaint = close();
        if (complaint !== null) return { ok: false, complaint };
      }
      // What was sampled before has its loss in the branch before.
      const left: Said[] = [];
      for (const said of view) {
        looked += Math.max(1, said.ids.length);
        if (looked > MAX_ROLLOUT_MESSAGES) return { ok: false, complaint: manyMessages() };
        if (!said.ids.every(condensed.forgets)) left.push(said.sampled ? { ...said, sampled: false } : said);
      }
      view = left;
      const summary: Said = { message: { role: 'user', content: condensed.summary }, sampled: false, ids: [], isSummary: true };
      if (condensed.summary !== '') view.splice(Math.min(condensed.offset, view.length), 0, summary);
      [cause, isNew] = ['compaction', false];
      replies.clear();
      continue;
    }
    const said = saidBy(event);
    if (said === null) continue;
    const response = said.sampled ? responseOf(event) : undefined;
    const at = response === undefined ? undefined : replies.get(response);
    const before = at === undefined ? undefined : view[at];
    if (before !== undefined) {
      join(before, said, hasWholeReply(event));
      continue;
    }
    if (response !== undefined) replies.set(response, view.length);
    isNew ||= said.sampled;
    view.push(said);
  }
  if (isNew || branches.length === 0) {
    const complaint = close();
    if (complaint !== null) return { ok: false, complaint };
  }
  return { ok: true, branches };
}

/** Reads views, and each message that several of them hold once. */
function makeReading(notes: Complaint[]): (view: readonly Said[]) => MessagesRead {
  const known = new Map<Said, RolloutEvent>();
  return (view) => {
    const events: RolloutEvent[] = [];
    for (const [i, said] of view.entries()) {
      const isLast = i === view.length - 1;
      let event = known.get(said);
      if (event === undefined) {
        const read = readMessage(said.message, i, isLast, { name: 'history', notes, sampled: () => said.sampled });
        if (!read.ok) return read;
        event = said.isSummary === true ? asSummary(read.event) : read.event;
        if (!isLast) known.set(said, event);
      }
      events.push(event);
    }
    return { ok: true, events: nameResults(events) };
  };
}

function asSummary(event: RolloutEvent): RolloutEvent {
  return { ...event, parts: event.parts.map((part) => ({ ...part, kind: 'summary' as const })) };
}

/** Adds a second action of one reply: V0 logs the whole reply with each, V1 a call with each. */
function join(before: Said, said: Said, isWhole: boolean): void {
  for (const id of said.ids) before.ids.push(id);
  if (isWhole) return;
  const calls = getList(said.message, 'tool_calls') ?? [];
  const own = before.message['tool_calls'];
  if (before.isJoined === true && Array.isArray(own)) for (const call of calls) own.push(call);
  else before.message = { ...before.message, tool_calls: [...(getList(before.message, 'tool_calls') ?? []), ...calls] };
  before.isJoined = true;
}

function idOf(event: JsonObject): string {
  return getId(event, 'id') ?? '';
}

function modelReply(event: JsonObject): JsonObject | undefined {
  return getObject(getObject(event, 'tool_call_metadata'), 'model_response');
}

function hasWholeReply(event: JsonObject): boolean {
  return modelReply(event) !== undefined;
}

function responseOf(event: JsonObject): string | undefined {
  return getString(event, 'llm_response_id') ?? getString(modelReply(event), 'id');
}

interface Condensation {
  readonly forgets: (id: string) => boolean;
  readonly summary: string;
  readonly offset: number;
}

/** The id of an event as text, and as the number that it is. */
function numberOf(event: JsonObject): [string, number][] {
  const id = get(event, 'id');
  return typeof id === 'number' ? [[String(id), id]] : [];
}

/** Null: it is no condensation. @param numbers ids of events that are numbers: of these it may name a range */
function condensationOf(event: JsonObject, numbers: ReadonlyMap<string, number>): Condensation | null {
  const isV1 = getString(event, 'kind') === 'Condensation';
  if (!isV1 && getString(event, 'action') !== 'condensation') return null;
  const told = isV1 ? event : (getObject(event, 'args') ?? {});
  const named = new Set((getList(told, 'forgotten_event_ids') ?? []).map(String));
  const [from, to] = [get(told, 'forgotten_events_start_id'), get(told, 'forgotten_events_end_id')];
  const isInRange = (id: number | undefined): boolean =>
    id !== undefined && typeof from === 'number' && typeof to === 'number' && id >= from && id <= to;
  const forgets = (id: string): boolean => named.has(id) || isInRange(numbers.get(id));
  const offset = get(told, 'summary_offset');
  return { forgets, summary: getString(told, 'summary') ?? '', offset: typeof offset === 'number' && offset >= 0 ? offset : 0 };
}

/** Null: the model sees nothing of it. */
function saidBy(event: JsonObject): Said | null {
  const said = getString(event, 'kind') === undefined ? ofV0(event) : ofV1(event);
  const time = get(event, 'timestamp');
  return said === null ? null : { ...said, message: { ...said.message, ...defined({ timestamp: time }) }, ids: [idOf(event)] };
}

type Message = Omit<Said, 'ids'>;
const context = (message: JsonObject): Message => ({ message, sampled: false });
const reply = (message: JsonObject): Message => ({ message: { role: 'assistant', ...message }, sampled: true });

/** Actions that only the program takes. */
const UNSEEN_ACTIONS = new Set(['null', 'recall', 'change_agent_state', 'condensation_request', 'pause', 'resume', 'stop']);
const UNSEEN_OBSERVATIONS = new Set(['null', 'recall', 'agent_state_changed']);

function ofV0(event: JsonObject): Message | null {
  const action = getString(event, 'action');
  const args = getObject(event, 'args') ?? {};
  const metadata = getObject(event, 'tool_call_metadata');
  if (action !== undefined) {
    if (UNSEEN_ACTIONS.has(action)) return null;
    if (action === 'system') return context({ role: 'system', content: get(args, 'content') ?? '' });
    if (getString(event, 'source') !== 'agent')
      return context({ role: 'user', content: get(args, 'content') ?? getString(event, 'message') ?? '' });
    const choice = getList(modelReply(event), 'choices')?.[0];
    const whole = getObject(choice, 'message');
    if (whole !== undefined)
      return reply({
        ...whole,
        ...defined({ logprobs: getObject(choice, 'logprobs'), finish_reason: getString(choice, 'finish_reason') }),
      });
    if (action === 'message') return reply({ content: get(args, 'content') ?? '' });
    const thought = getString(args, 'thought') ?? '';
    if (action === 'finish' && metadata === undefined)
      return reply({ content: getString(args, 'final_thought') ?? (thought === '' ? (getString(event, 'message') ?? '') : thought) });
    const told = ['command', 'code'].find((key) => getString(args, key) !== undefined);
    const given = told === undefined ? args : { [told]: args[told] };
    return reply({
      content: thought,
      tool_calls: [
        {
          id: getString(metadata, 'tool_call_id'),
          function: { name: getString(metadata, 'function_name') ?? action, arguments: given },
        },
      ],
    });
  }
  const observation = getString(event, 'observation');
  if (observation === undefined || UNSEEN_OBSERVATIONS.has(observation)) return null;
  const content = get(event, 'content') ?? getString(event, 'message') ?? '';
  const id = getString(metadata, 'tool_call_id');
  return context({
    role: 'tool',
    content,
    ...defined({ tool_call_id: id, name: getString(metadata, 'function_name') }),
    ...(observation === 'error' ? { is_error: true } : {}),
  });
}

function ofV1(event: JsonObject): Message | null {
  switch (getString(event, 'kind')) {
    case 'SystemPromptEvent':
      return context({ role: 'system', content: [get(event, 'system_prompt')] });
    case 'MessageEvent': {
      const message = getObject(event, 'llm_message') ?? {};
      return getString(event, 'source') === 'agent' ? reply(withOneThought(message)) : context(message);
    }
    case 'ActionEvent': {
      const call = getObject(event, 'tool_call');
      const named = call ?? { id: get(event, 'tool_call_id'), name: get(event, 'tool_name'), arguments: get(event, 'action') };
      const message = {
        content: get(event, 'thought') ?? [],
        ...defined({ reasoning_content: getString(event, 'reasoning_content') }),
        tool_calls: [named],
      };
      return reply(withOneThought(message));
    }
    case 'ObservationEvent': {
      const observation = getObject(event, 'observation') ?? {};
      return result(event, get(observation, 'content') ?? getString(observation, 'output') ?? '', get(observation, 'is_error') === true);
    }
    case 'AgentErrorEvent':
      return result(event, getString(event, 'error') ?? '', true);
    case 'UserRejectObservation':
      return result(event, getString(event, 'rejection_reason') ?? '', true);
    default:
      return null;
  }
}

function result(event: JsonObject, content: unknown, isError: boolean): Message {
  const [id, name] = [getString(event, 'tool_call_id'), getString(event, 'tool_name')];
  return context({ role: 'tool', content, ...defined({ tool_call_id: id, name }), ...(isError ? { is_error: true } : {}) });
}

/** Where the content holds the thought in marks, the field beside it is a copy. */
function withOneThought(message: JsonObject): JsonObject {
  const texts = (getList(message, 'content') ?? []).filter(isObject).map((part) => getString(part, 'text') ?? '');
  if (!texts.some((text) => text.includes('<think>'))) return message;
  return Object.fromEntries(Object.entries(message).filter(([key]) => key !== 'reasoning_content'));
}

/** By its structure: an action with arguments, or an observation with what goes with it. */
export function isV0Event(event: unknown): boolean {
  if (getString(event, 'timestamp') === undefined && get(event, 'cause') === undefined) return false;
  return (
    (getString(event, 'action') !== undefined && isObject(get(event, 'args'))) ||
    (getString(event, 'observation') !== undefined && (isObject(get(event, 'extras')) || getString(event, 'content') !== undefined))
  );
}

/** Definitions that the system prompt brings. */
export function toolsOf(history: readonly JsonObject[]): string | undefined {
  const system = history.find((event) => getString(event, 'action') === 'system' || getString(event, 'kind') === 'SystemPromptEvent');
  return normalTools(get(getObject(system, 'args'), 'tools') ?? get(system, 'tools'));
}
