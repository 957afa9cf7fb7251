/**
 * One sample of an Inspect log with everything in its place: messages and events, of which newer logs keep each only once, and long
 * texts, which stand apart as attachments.
 */
import { MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import type { Complaint } from './format.ts';
import { type JsonObject, get, getList, getObject, isList, isObject } from './json.ts';

export interface InspectSample {
  readonly sample: JsonObject;
  /** The conversation as it stood at the end; undefined: not logged. */
  readonly messages: readonly JsonObject[] | undefined;
  readonly events: readonly JsonObject[];
  /** What an event read: in it, or by reference. */
  readonly inputOf: (event: JsonObject) => readonly JsonObject[];
  /** Said where its model calls refer to more messages than they may; then they have none. */
  readonly tooMany: Complaint | null;
  /** A value with its attachments put in. */
  readonly resolved: (value: unknown) => unknown;
}

/** Every call refers to the messages before it, so that these are many in a long sample. */
const MOST_REFERRED = 8 * MAX_ROLLOUT_MESSAGES;
const BOUND = MOST_REFERRED.toLocaleString('en');
const TOO_MANY: Complaint = {
  code: 'expansion',
  expected: `at most ${BOUND} messages that model calls refer to, over all calls`,
  found: `more than ${BOUND}`,
};

/** The sample itself, be it alone or among the chunks that an archive holds of it (`engine/bindings`). */
export function sampleIn(record: unknown): JsonObject | null {
  const own = getObject(record, 'sample');
  const sample = typeof get(record, 'member') === 'string' && own !== undefined ? own : record;
  return isObject(sample) && isSample(sample) ? sample : null;
}

function isSample(value: JsonObject): boolean {
  if (typeof get(value, 'epoch') !== 'number' || get(value, 'id') === undefined || get(value, 'input') === undefined) return false;
  return isList(get(value, 'messages')) || isList(get(value, 'message_refs')) || isList(get(value, 'events'));
}

/** Notes what references lead nowhere. */
export function readSample(record: unknown, sample: JsonObject, notes: Complaint[]): InspectSample {
  const chunked = record === sample ? {} : record;
  const pool = chunksAt(chunked, 'messages') ?? listAt(getObject(sample, 'events_data'), 'messages');
  const events = [...(chunksAt(chunked, 'events') ?? listAt(sample, 'events')).values()].filter(isObject);
  const attachments = new Map<string, unknown>(Object.entries(getObject(sample, 'attachments') ?? {}));
  for (const [index, text] of chunksAt(chunked, 'attachments') ?? []) attachments.set(String(index), text);
  let missing = 0;
  let looked = 0;
  const taken = (refs: readonly unknown[]): readonly JsonObject[] => {
    const messages: JsonObject[] = [];
    for (const range of refs) {
      const [from, to] = isList(range) ? [Number(range[0]), Number(range[1])] : [0, 0];
      for (let i = from; i < to; i++) {
        if (++looked > MOST_REFERRED) return [];
        const message = pool.get(i);
        if (isObject(message)) messages.push(message);
        else missing++;
        // The rest of a range without end is not there either.
        if (i - from > pool.size) break;
      }
    }
    return messages;
  };
  const finals = getList(sample, 'message_refs');
  const messages = finals === undefined ? getList(sample, 'messages')?.filter(isObject) : taken(finals);
  const inputs = new Map<JsonObject, readonly JsonObject[]>();
  for (const event of events) {
    if (get(event, 'event') !== 'model') continue;
    const input = getList(event, 'input')?.filter(isObject) ?? [];
    const refs = getList(event, 'input_refs');
    inputs.set(event, refs === undefined || input.length > 0 ? input : taken(refs));
  }
  const told = (what: string, count: number): void =>
    void (
      count > 0 && notes.push({ code: 'missing-part', expected: `${what} that the sample refers to`, found: `${count} that are not there` })
    );
  told('messages', missing);
  return {
    sample,
    messages,
    events,
    inputOf: (event) => inputs.get(event) ?? [],
    tooMany: looked > MOST_REFERRED ? TOO_MANY : null,
    resolved(value) {
      const lost = { count: 0 };
      const whole = resolve(value, attachments, lost, 0);
      told('attachments', lost.count);
      return whole;
    },
  };
}

/** Levels in a message at which texts are put in. */
const DEEPEST = 64;

function resolve(value: unknown, attachments: ReadonlyMap<string, unknown>, lost: { count: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const [, key] = /^attachment:\/\/([\w-]+)$/.exec(value) ?? [];
    if (key === undefined) return value;
    const text = attachments.get(key);
    if (typeof text === 'string') return text;
    lost.count++;
    return value;
  }
  if (depth > DEEPEST || value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => resolve(item, attachments, lost, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, attachments, lost, depth + 1)]));
}

/** Items of lists that each stand under the index of their first. */
function chunksAt(record: unknown, key: string): Map<number, unknown> | null {
  const lists = getObject(record, key);
  if (lists === undefined) return null;
  const items = new Map<number, unknown>();
  for (const start of Object.keys(lists))
    for (const [i, item] of (getList(lists, start) ?? []).entries()) items.set(Number(start) + i, item);
  return items;
}

function listAt(record: unknown, key: string): Map<number, unknown> {
  return new Map((getList(record, key) ?? []).entries());
}
