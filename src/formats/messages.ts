/** Messages as chat APIs and training sets write them, to events; shared by every format that holds such a list. */
import { isShared, perShared, share } from '../base/shared.ts';
import type { LoggedTokens, Part, Role, RolloutEvent } from '../core/model/rollout.ts';
import { endsInThought, saysCutOff } from './cut-off.ts';
import type { Complaint } from './format.ts';
import type { JsonObject } from './json.ts';
import { asLogged, describe, get, getId, getList, isList, isObject, parseJson } from './json.ts';
import { loggedFromChoice } from './logprobs.ts';
import { messageParts } from './message-parts.ts';
import { roleOf } from './roles.ts';

/** Per-message marks that a training set uses to leave an assistant message out of the loss. */
const LOSS_MARKS = ['weight', 'loss_weight', 'train', 'trainable', 'training', 'loss', 'loss_mask', 'step_loss_mask', 'sampled'] as const;

/** False where the message carries a mark that says so; marks of 0 and false are equal. */
export function isMarkedUntrained(message: JsonObject): boolean {
  // `mask` leaves a turn out where it is true; every other mark where it is false.
  if (get(message, 'is_demo') === true || get(message, 'mask') === true) return true;
  for (const mark of LOSS_MARKS) {
    const value = get(message, mark);
    if (value === false || value === 0) return true;
  }
  return false;
}

/** When something was made (seconds since the epoch), how long that took, and how long it had waited before. */
export type Timing = Pick<RolloutEvent, 'time' | 'seconds' | 'waited'>;

export interface MessageRules {
  /** Whether the policy produced this message. Default: assistant messages without a mark against it. */
  readonly sampled?: (message: JsonObject, role: Role, index: number) => boolean;
  /** The server's reply behind a message, where log-probs would be. Default: the message itself. */
  readonly reply?: (message: JsonObject, index: number) => unknown;
  /** When a message was made, where the log says so beside it; what is undefined is looked for in the message. */
  readonly timing?: (message: JsonObject, index: number) => Timing | undefined;
  /** How the list is named in complaints, for example `messages`. */
  readonly name?: string;
  /** Notes are added here. */
  readonly notes?: Complaint[];
}

interface Unread {
  readonly ok: false;
  readonly complaint: Complaint;
}
export type MessagesRead = { readonly ok: true; readonly events: RolloutEvent[] } | Unread;
export type MessageRead = { readonly ok: true; readonly event: RolloutEvent } | Unread;

function complain(code: string, expected: string, found: string): Unread {
  return { ok: false, complaint: { code, expected, found } };
}

/** Reads a list of `{role, content, …}` or `{from, value, …}` objects. Never throws. */
export function readMessages(value: unknown, rules: MessageRules = {}): MessagesRead {
  const name = rules.name ?? 'messages';
  if (!Array.isArray(value)) return complain('messages', `a list of messages at ${name}`, describe(value));
  const events: RolloutEvent[] = [];
  for (let index = 0; index < value.length; index++) {
    const read = readShared(value[index], index, index === value.length - 1, rules);
    if (!read.ok) return read;
    events.push(read.event);
  }
  return { ok: true, events: nameResults(events) };
}

/** The event of a message of which nothing else decides what it is, with the notes on it; its parts are shared where the message is. */
const sharedEvent = perShared((message: JsonObject): { readonly read: MessageRead; readonly isNoted: boolean } => {
  const notes: Complaint[] = [];
  const read = readMessage(message, 0, false, { notes });
  if (read.ok && isShared(message)) for (const part of read.event.parts) share(part);
  return { read, isNoted: notes.length > 0 };
});

/** `readMessage`, done once for a message that records share. */
function readShared(message: unknown, index: number, isLast: boolean, rules: MessageRules): MessageRead {
  if (isObject(message) && isShared(message) && !isLast && !rules.sampled && !rules.reply && !rules.timing) {
    const { read, isNoted } = sharedEvent(message, undefined);
    // A complaint says where in its record the message stands, and numbers of tokens are counted where they stand.
    if (read.ok && !isNoted && read.event.tokens === undefined) return read;
  }
  return readMessage(message, index, isLast, rules);
}

/** One message of such a list; results are named by `nameResults`, once all are read. @param isLast whether a rollout ends with it */
export function readMessage(message: unknown, index: number, isLast: boolean, rules: MessageRules = {}): MessageRead {
  const name = rules.name ?? 'messages';
  if (!isObject(message)) return complain('message', `an object at ${name}[${index}]`, describe(message));
  const word = get(message, 'role') ?? get(message, 'from');
  const role = roleOf(word);
  if (role === undefined) return complain('role', `a role at ${name}[${index}]: system, user, assistant or tool`, describe(word));
  const parts = messageParts(message, role, word, rules.notes, `${name}[${index}]`);
  const onlyResults = parts.length > 0 && parts.every((part) => part.kind === 'result');
  const eventRole = onlyResults ? 'tool' : role;
  const sampled = rules.sampled ? rules.sampled(message, eventRole, index) : role === 'assistant' && !isMarkedUntrained(message);
  const timing = rules.timing?.(message, index);
  const time = timing?.time ?? readTime(get(message, 'timestamp') ?? get(message, 'time') ?? get(message, 'created_at'));
  const policy = sampled ? getId(message, 'policy_version', 'weight_version') : undefined;
  const reply = sampled && rules.reply ? rules.reply(message, index) : message;
  const tokens = sampled ? readLogged(reply) : null;
  const truncated = sampled && isTruncated(message, reply, parts, isLast);
  return {
    ok: true,
    event: {
      role: eventRole,
      sampled,
      parts,
      ...(truncated ? { truncated } : {}),
      ...(tokens === null ? {} : { tokens }),
      ...timing,
      ...(time === undefined ? {} : { time }),
      ...(policy === undefined ? {} : { policy }),
    },
  };
}

/** A turn that ends a rollout and holds thoughts alone was cut off in them, where the log does not say why it ended. */
function isTruncated(message: JsonObject, reply: unknown, parts: readonly Part[], isLast: boolean): boolean {
  const told = saysCutOff(message) ?? (reply === message ? undefined : saysCutOff(reply));
  if (told !== undefined) return told;
  if (parts.length === 0 || parts.some(({ kind }) => kind !== 'thinking')) return endsInThought(get(message, 'content'), parts);
  return isLast || endsInThought(get(message, 'content'), parts);
}

/** Log-probs of a reply; null where it carries none, which is nearly always. */
function readLogged(reply: unknown): LoggedTokens | null {
  if (!isObject(reply)) return null;
  const carries = isObject(get(reply, 'logprobs')) || isObject(get(reply, 'meta_info')) || getList(reply, 'choices') !== undefined;
  return carries ? loggedFromChoice(reply) : null;
}

/** Gives results the tool of the call that they answer: by call id, or without one in the order of the calls before. */
export function nameResults(events: readonly RolloutEvent[]): RolloutEvent[] {
  const byId = new Map<string, string>();
  let waiting: (string | undefined)[] = [];
  let answered = 0;
  return events.map((event) => {
    const called = event.parts.filter((part) => part.kind === 'call');
    for (const { callId, tool } of called) if (callId !== undefined && tool !== undefined) byId.set(callId, tool);
    if (called.length > 0) {
      waiting = called.map(({ tool }) => tool);
      answered = 0;
    }
    if (!event.parts.some((part) => part.kind === 'result' && part.tool === undefined)) return event;
    const parts = event.parts.map((part) => {
      if (part.kind !== 'result' || part.tool !== undefined) return part;
      const tool = part.callId === undefined ? waiting[answered++] : byId.get(part.callId);
      return tool === undefined ? part : namedPart(part, tool);
    });
    return { ...event, parts };
  });
}

const namedPart = perShared((part: Part, tool: string): Part => {
  const named = { ...part, tool };
  if (isShared(part)) share(named);
  return named;
});

/** From a start and an end in any spelling; undefined where one is missing, or the end is before the start. */
export function readTiming(start: unknown, end: unknown): Timing | undefined {
  const [from, time] = [readTime(start), readTime(end)];
  return from === undefined || time === undefined || time < from ? undefined : { time, seconds: time - from };
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

/** Whether a value looks like messages: a list whose first entry is an object with a known role. */
export function looksLikeMessages(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const first: unknown = value[0];
  return isObject(first) && roleOf(get(first, 'role') ?? get(first, 'from')) !== undefined;
}

/** Messages that are logged as JSON text, read; any other value as it is. Columns of tables hold lists so. */
export function openedMessages(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) return value;
  const parsed = parseJson(value);
  return parsed.ok && looksLikeMessages(parsed.value) ? parsed.value : value;
}

/** True or false, or the texts that Python writes for them (`default=str` of numpy's). */
function readVerdict(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'True' || value === 'true' ? true : value === 'False' || value === 'false' ? false : undefined;
}

const NOT_REWARDS = new Set(['step', 'id', 'index', 'seed', 'trial', 'timestamp', 'created', 'time']);

/** The numbers of an object, as reward components; booleans count 1 and 0. Undefined where it has none. */
export function readRewardParts(value: unknown): Readonly<Record<string, number>> | undefined {
  if (!isObject(value)) return undefined;
  const parts: [string, number][] = [];
  for (const key of Object.keys(value)) {
    if (NOT_REWARDS.has(key)) continue;
    const entry = value[key];
    const verdict = readVerdict(entry);
    const number = verdict === undefined ? (typeof entry === 'number' ? entry : undefined) : Number(verdict);
    if (number !== undefined) parts.push([key, number]);
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

const GRADES: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };

/**
 * A reward as logs hold it: a number, a text that spells one, true/false, a letter grade, a list per token (its sum), or
 * components (their `total`, `reward` or `score` entry, else their sum). Undefined where there is none. Not always finite: what a
 * reward can be is said elsewhere (`core/tokens/plausible`).
 */
export function readReward(value: unknown): { readonly reward: number; readonly parts?: Readonly<Record<string, number>> } | undefined {
  const verdict = readVerdict(value);
  if (verdict !== undefined) return { reward: Number(verdict) };
  if (typeof value === 'string' && Object.hasOwn(GRADES, value)) return { reward: GRADES[value] ?? 0 };
  if (typeof value === 'number' || typeof value === 'string') {
    const reward = asLogged(value);
    return reward === undefined ? undefined : { reward };
  }
  if (isList(value)) {
    let sum = 0;
    let count = 0;
    for (const entry of value) {
      if (typeof entry !== 'number') continue;
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
