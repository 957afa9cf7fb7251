/** Messages as chat APIs and training sets write them, to events; shared by every format that holds such a list. */
import type { Part, Role, RolloutEvent } from '../core/model.ts';
import type { Complaint } from './format.ts';
import type { JsonObject } from './json.ts';
import { describe, get, getId, getList, getNumber, getObject, getString, has, isList, isObject, parseJson, toJson } from './json.ts';
import { answerParts, callPart } from './text.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system', developer: 'system',
  user: 'user', human: 'user',
  assistant: 'assistant', gpt: 'assistant', ai: 'assistant', model: 'assistant', chatbot: 'assistant', bot: 'assistant',
  function_call: 'assistant', tool_call: 'assistant',
  tool: 'tool', function: 'tool', observation: 'tool', tool_response: 'tool', tool_result: 'tool', ipython: 'tool', environment: 'tool',
};

/** The role that a log's word for it means, or undefined. */
export function roleOf(word: unknown): Role | undefined {
  if (typeof word !== 'string') return undefined;
  const lower = word.toLowerCase();
  return Object.hasOwn(ROLES, lower) ? ROLES[lower] : undefined;
}

/** Per-message marks that a training set uses to leave an assistant message out of the loss. */
const LOSS_MARKS = ['weight', 'loss_weight', 'train', 'trainable', 'training', 'loss', 'loss_mask', 'sampled'] as const;

/** False where the message carries a mark that says so; marks of 0 and false are equal. */
export function isMarkedUntrained(message: JsonObject): boolean {
  if (get(message, 'is_demo') === true) return true;
  for (const mark of LOSS_MARKS) {
    const value = get(message, mark);
    if (value === false || value === 0) return true;
  }
  return false;
}

export interface MessageRules {
  /** Whether the policy produced this message. Default: assistant messages without a mark against it. */
  readonly sampled?: (message: JsonObject, role: Role, index: number) => boolean;
  /** How the list is named in complaints, for example `messages`. */
  readonly name?: string;
  /** Notes are added here. */
  readonly notes?: Complaint[];
}

export type MessagesRead =
  | { readonly ok: true; readonly events: RolloutEvent[] }
  | { readonly ok: false; readonly complaint: Complaint };

function complain(code: string, expected: string, found: string): MessagesRead {
  return { ok: false, complaint: { code, expected, found } };
}

/** Reads a list of `{role, content, …}` or `{from, value, …}` objects. Never throws. */
export function readMessages(value: unknown, rules: MessageRules = {}): MessagesRead {
  const name = rules.name ?? 'messages';
  if (!Array.isArray(value)) return complain('messages', `a list of messages at ${name}`, describe(value));
  const events: RolloutEvent[] = [];
  for (let index = 0; index < value.length; index++) {
    const message: unknown = value[index];
    if (!isObject(message)) return complain('message', `an object at ${name}[${index}]`, describe(message));
    const word = get(message, 'role') ?? get(message, 'from');
    const role = roleOf(word);
    if (role === undefined) return complain('role', `a role at ${name}[${index}]: system, user, assistant or tool`, describe(word));
    const parts = messageParts(message, role, word, rules.notes, `${name}[${index}]`);
    const onlyResults = parts.length > 0 && parts.every((part) => part.kind === 'result');
    const eventRole = onlyResults ? 'tool' : role;
    const sampled = rules.sampled ? rules.sampled(message, eventRole, index) : role === 'assistant' && !isMarkedUntrained(message);
    const time = readTime(get(message, 'timestamp') ?? get(message, 'time') ?? get(message, 'created_at'));
    events.push({ role: eventRole, sampled, parts, ...(time === undefined ? {} : { time }) });
  }
  return { ok: true, events: nameResults(events) };
}

/** Gives results the tool of the call that they answer: by call id, or without one in the order of the calls before. */
export function nameResults(events: readonly RolloutEvent[]): RolloutEvent[] {
  const byId = new Map<string, string>();
  let waiting: (string | undefined)[] = [];
  return events.map((event) => {
    const called = event.parts.filter((part) => part.kind === 'call');
    for (const { callId, tool } of called) if (callId !== undefined && tool !== undefined) byId.set(callId, tool);
    if (called.length > 0) waiting = called.map(({ tool }) => tool);
    if (!event.parts.some((part) => part.kind === 'result' && part.tool === undefined)) return event;
    const parts = event.parts.map((part) => {
      if (part.kind !== 'result' || part.tool !== undefined) return part;
      const tool = part.callId === undefined ? waiting.shift() : byId.get(part.callId);
      return tool === undefined ? part : { ...part, tool };
    });
    return { ...event, parts };
  });
}

/** Seconds since the epoch from a number (seconds, or milliseconds when that large) or an ISO text. */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value > 1e11 ? value / 1000 : value;
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  // A time without a zone is taken as UTC, so that it means the same on every machine.
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(value) || value.length <= 10 ? value : `${value}Z`;
  const milliseconds = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

function textKind(role: Role): Part['kind'] {
  return role === 'system' ? 'system' : role === 'user' ? 'user' : role === 'tool' ? 'result' : 'text';
}

function messageParts(message: JsonObject, role: Role, word: unknown, notes: Complaint[] | undefined, where: string): Part[] {
  const content = get(message, 'content') ?? get(message, 'value') ?? get(message, 'text');
  const parts: Part[] = [];
  const reasoning = getString(message, 'reasoning_content') ?? getString(message, 'reasoning') ?? getString(message, 'thinking');
  if (role === 'assistant' && reasoning !== undefined && reasoning !== '') parts.push({ kind: 'thinking', text: reasoning });
  if (role === 'tool') {
    // tau2 bundles the results of one turn; the bundle has no content of its own.
    const bundle = content === undefined ? (getList(message, 'tool_messages') ?? []) : [];
    if (bundle.length === 0) return resultParts(message, content, notes, where);
    return bundle.flatMap((inner) => (isObject(inner) ? resultParts(inner, get(inner, 'content'), notes, where) : []));
  }
  if (word === 'function_call' || word === 'tool_call') {
    const parsed = typeof content === 'string' && content.trimStart().startsWith('[') ? parseJson(content) : null;
    const calls = parsed?.ok ? parsed.value : null;
    for (const call of isList(calls) ? calls : [content]) {
      parts.push(callPart(call) ?? { kind: 'call', text: typeof call === 'string' ? call : (toJson(call) ?? '') });
    }
    return parts;
  }
  if (typeof content === 'string') {
    if (content !== '') {
      if (role === 'assistant') for (const part of answerParts(content)) parts.push(part);
      else parts.push({ kind: textKind(role), text: content });
    }
  } else if (Array.isArray(content)) {
    for (const item of content) pushItem(parts, item, role, notes, where);
  } else if (content !== null && content !== undefined) {
    // A structured reply that was logged as an object: its JSON is the closest text.
    parts.push({ kind: textKind(role), text: toJson(content) ?? '' });
  }
  if (role === 'assistant') {
    const refusal = getString(message, 'refusal');
    if (refusal !== undefined && refusal !== '') parts.push({ kind: 'text', text: refusal });
  }
  pushCalls(parts, message, notes, where);
  return parts;
}

function pushCalls(parts: Part[], message: JsonObject, notes: Complaint[] | undefined, where: string): void {
  const calls = getList(message, 'tool_calls') ?? [];
  for (const call of calls) {
    const part = callPart(call);
    if (part) parts.push(part);
    else notes?.push({ code: 'tool-call', expected: `a call with a name in ${where}.tool_calls`, found: describe(call) });
  }
  const legacy = getObject(message, 'function_call');
  if (legacy && calls.length === 0) {
    const part = callPart(legacy);
    if (part) parts.push(part);
  }
}

function resultParts(message: JsonObject, content: unknown, notes: Complaint[] | undefined, where: string): Part[] {
  const callId = getId(message, 'tool_call_id', 'call_id', 'id');
  const tool = getString(message, 'name') ?? getString(message, 'tool_name');
  const error = isErrorMark(message);
  const extra = { ...(tool === undefined ? {} : { tool }), ...(callId === undefined ? {} : { callId }), ...(error ? { error } : {}) };
  if (Array.isArray(content)) {
    const parts: Part[] = [];
    for (const item of content) pushItem(parts, item, 'tool', notes, where);
    // Several text items are one result.
    if (parts.every((part) => part.callId === undefined)) {
      return [{ kind: 'result', text: parts.map((part) => part.text).join(''), ...extra }];
    }
    return parts;
  }
  const text = typeof content === 'string' ? content : content === null || content === undefined ? '' : (toJson(content) ?? '');
  return [{ kind: 'result', text, ...extra }];
}

function isErrorMark(message: JsonObject): boolean {
  const error = get(message, 'error');
  return (
    get(message, 'is_error') === true ||
    get(message, 'status') === 'error' ||
    (has(message, 'error') && error !== null && error !== false && error !== '' && error !== undefined)
  );
}

/** One item of a content list: OpenAI and Anthropic blocks, and LLaMA-Factory's `{type, value}`. */
function pushItem(parts: Part[], item: unknown, role: Role, notes: Complaint[] | undefined, where: string): void {
  if (typeof item === 'string') {
    parts.push({ kind: textKind(role), text: item });
    return;
  }
  if (!isObject(item)) {
    notes?.push({ code: 'content-part', expected: `text or an object in ${where}`, found: describe(item) });
    return;
  }
  const type = getString(item, 'type') ?? (getString(item, 'text') === undefined ? undefined : 'text');
  const text = getString(item, 'text') ?? getString(item, 'value') ?? getString(item, 'content') ?? '';
  switch (type) {
    case 'text': case 'input_text': case 'output_text': case 'refusal': {
      const words = type === 'refusal' ? (getString(item, 'refusal') ?? text) : text;
      if (role === 'assistant') for (const part of answerParts(words)) parts.push(part);
      else parts.push({ kind: textKind(role), text: words });
      return;
    }
    case 'reasoning': case 'thinking': case 'reasoning_text': case 'redacted_thinking':
      parts.push({ kind: 'thinking', text: getString(item, 'thinking') ?? getString(item, 'reasoning') ?? text });
      return;
    case 'tool_use': case 'tool_call': case 'function_call': case 'function': {
      const call = callPart(getString(item, 'value') ?? item);
      parts.push(call ?? { kind: 'call', text });
      return;
    }
    case 'tool_result': {
      const inner = get(item, 'content');
      const callId = getId(item, 'tool_use_id', 'tool_call_id');
      const words = typeof inner === 'string' ? inner : Array.isArray(inner) ? inner.map((block) => getString(block, 'text') ?? '').join('') : text;
      parts.push({ kind: 'result', text: words, ...(callId === undefined ? {} : { callId }), ...(isErrorMark(item) ? { error: true } : {}) });
      return;
    }
    default:
      notes?.push({ code: 'content-part', expected: `text, reasoning or a tool call in ${where}`, found: `a part of type ${type ?? 'unknown'}` });
      parts.push({ kind: textKind(role), text: `[${type ?? 'unknown'}]` });
  }
}

/** Whether a value looks like messages: a list whose first entry is an object with a known role. */
export function looksLikeMessages(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const first: unknown = value[0];
  return isObject(first) && roleOf(get(first, 'role') ?? get(first, 'from')) !== undefined;
}

/** Tool definitions as JSON text: kept as logged where the log holds them as text. */
export function readTools(record: unknown): string | undefined {
  for (const key of ['tools', 'tool_defs', 'functions', 'oai_tools']) {
    const value = get(record, key);
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (Array.isArray(value) && value.length > 0) return toJson(value);
  }
  return undefined;
}

const NOT_REWARDS = new Set(['step', 'id', 'index', 'seed', 'trial', 'timestamp', 'created', 'time']);

/** The finite numbers of an object, as reward components; booleans count 1 and 0. Undefined where it has none. */
export function readRewardParts(value: unknown): Readonly<Record<string, number>> | undefined {
  if (!isObject(value)) return undefined;
  const parts: [string, number][] = [];
  for (const key of Object.keys(value)) {
    if (NOT_REWARDS.has(key)) continue;
    const entry = value[key];
    const number = typeof entry === 'boolean' ? Number(entry) : typeof entry === 'number' ? getNumber(value, key) : undefined;
    if (number !== undefined) parts.push([key, number]);
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

const GRADES: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };

/**
 * A reward as logs hold it: a number, a text that spells one, true/false, a letter grade, a list per token (its sum), or
 * components (their `total`, `reward` or `score` entry, else their sum). Undefined where there is none.
 */
export function readReward(value: unknown): { readonly reward: number; readonly parts?: Readonly<Record<string, number>> } | undefined {
  if (typeof value === 'boolean') return { reward: value ? 1 : 0 };
  if (typeof value === 'string' && Object.hasOwn(GRADES, value)) return { reward: GRADES[value] ?? 0 };
  if (typeof value === 'number' || typeof value === 'string') {
    const reward = typeof value === 'number' ? value : Number(value.trim() === '' ? 'x' : value);
    return Number.isFinite(reward) ? { reward } : undefined;
  }
  if (isList(value)) {
    let sum = 0;
    let count = 0;
    for (const entry of value) {
      if (typeof entry !== 'number' || !Number.isFinite(entry)) continue;
      sum += entry;
      count++;
    }
    return count === 0 ? undefined : { reward: sum };
  }
  const parts = readRewardParts(value);
  if (!parts) return undefined;
  const total = parts['total'] ?? parts['reward'] ?? parts['score'];
  let sum = 0;
  for (const key of Object.keys(parts)) sum += parts[key] ?? 0;
  return { reward: total ?? sum, parts };
}
