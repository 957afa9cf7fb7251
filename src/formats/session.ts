/** What logs of coding agents have in common: lines that are messages, lines that are about them, and what is known of the session. */
import type { Branch, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, refuse } from './envelope.ts';
import { addNote, type Complaint, type Decoded, type DecodedLines, type LogLine } from './format.ts';
import { describe, get, getId, getString, isObject, toJson, type JsonObject } from './json.ts';
import { nameResults, readMessages } from './messages.ts';
import { taskOf } from './task-key.ts';

/** Counts what becomes of the lines of a session. */
export interface LineTally {
  /** Known, and of no message: it is counted and not used. */
  aside(kind: string): void;
  /** Not known, or not as it should be: it is an issue at its place. */
  lost(line: LogLine, expected: string, found?: string): void;
  readonly faults: { readonly line: LogLine; readonly complaint: Complaint }[];
  /** How many lines were set aside, and of which kinds. */
  fields(): JsonObject;
}

/** Of the kinds of lines that were set aside: a longer text is no field. */
const LONGEST = 240;

export function makeTally(lines: number): LineTally {
  const kinds = new Map<string, number>();
  const faults: LineTally['faults'] = [];
  return {
    faults,
    aside: (kind) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1),
    lost(line, expected, found) {
      faults.push({ line, complaint: { code: 'session-line', expected, found: found ?? describe(line.value) } });
    },
    fields() {
      const sorted = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
      const count = sorted.reduce((sum, [, n]) => sum + n, 0);
      const words = sorted.map(([kind, n]) => `${kind} ${n}`).join(', ');
      return {
        lines,
        asideLines: count,
        ...(count === 0 ? {} : { aside: words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words }),
      };
    },
  };
}

/**
 * The lines of a session less those that are told again: equal to one before them in all, with an id or a time to tell them by. They are
 * counted. Pieces of a message may be equal and are not told again.
 */
export function distinctLines(lines: readonly LogLine[], tally: LineTally): readonly LogLine[] {
  const counts = new Map<string, number>();
  const isOwn = haveOwnIds(lines);
  const keys = lines.map(({ value }) => (get(value, 'delta') === true ? undefined : nameOf(value, isOwn)));
  for (const key of keys) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  const seen = new Set<string>();
  return lines.filter(({ value }, i) => {
    const key = keys[i];
    if (key === undefined || counts.get(key) === 1) return true;
    const told = toJson(value);
    if (told === undefined || !seen.has(told)) return told === undefined || seen.add(told) !== undefined;
    tally.aside('repeated');
    return false;
  });
}

/** What no two lines share by chance: an id of their own, or a time that is told finer than to the second. */
function nameOf(line: unknown, isOwn: boolean): string | undefined {
  const time = getString(line, 'timestamp') ?? '';
  return getId(line, 'uuid') ?? (isOwn ? getId(line, 'id') : undefined) ?? (/:\d\d\.\d{3}/.test(time) ? time : undefined);
}

/** Whether `id` names lines, and not what several of them are of: most that differ have one that no other has. */
function haveOwnIds(lines: readonly LogLine[]): boolean {
  const first = new Map<string, unknown>();
  /** id -> what is told under it, where several lines have it */
  const told = new Map<string, Set<string | undefined>>();
  for (const { value } of lines) {
    const id = getId(value, 'id');
    if (id === undefined) continue;
    if (!first.has(id)) first.set(id, value);
    else told.set(id, (told.get(id) ?? new Set([toJson(first.get(id))])).add(toJson(value)));
  }
  let different = first.size - told.size;
  for (const texts of told.values()) different += texts.size;
  return 2 * first.size > different;
}

/** Adds the numbers of a usage, or of any object of numbers, to those before. */
export function addUsage(sums: Record<string, number>, usage: unknown): void {
  if (!isObject(usage)) return;
  for (const key of Object.keys(usage)) {
    const value = usage[key];
    if (typeof value === 'number' && Number.isFinite(value)) sums[key] = (Object.hasOwn(sums, key) ? (sums[key] ?? 0) : 0) + value;
  }
}

/**
 * A message as an event, or null where it holds nothing, or is none, which is noted.
 * @param message `{role, content, …}`. @param sampled whether the policy wrote it, where its role does not say
 */
export function sessionEvent(message: JsonObject, notes: Complaint[], sampled?: boolean): RolloutEvent | null {
  // A thought alone is no turn that was cut off: what follows of it may be in the next line.
  const told = getString(message, 'stop_reason') === undefined ? { ...message, stop_reason: 'unsaid' } : message;
  const read = readMessages([told], { notes, ...(sampled === undefined ? {} : { sampled: () => sampled }) });
  if (!read.ok) addNote(notes, read.complaint);
  const event = read.ok ? read.events[0] : undefined;
  if (event === undefined) return null;
  const parts = event.parts.filter(({ text, kind, images }) => text !== '' || kind === 'call' || kind === 'result' || images !== undefined);
  return parts.length === 0 ? null : { ...event, parts };
}

/** What is known of a session beside what was said in it. */
export interface SessionAbout {
  readonly id: string;
  /** Scalars that become fields of the rollout: model, folder, version, usage. */
  readonly fields: JsonObject;
  readonly status?: string | undefined;
  readonly startedAt?: number | undefined;
  readonly tools?: string | undefined;
  readonly task?: string | undefined;
}

/** One rollout of these branches, or the one complaint that there is nothing in it. */
export function sessionEntry(about: SessionAbout, given: readonly Branch[], tally: LineTally, notes: readonly Complaint[]): Decoded {
  const branches = given.filter(({ events }) => events.length > 0).map((branch) => ({ ...branch, events: nameResults(branch.events) }));
  const first = branches.find(({ events }) => events.some(({ sampled }) => sampled)) ?? branches[0];
  const counts = tally.fields();
  if (first === undefined) return refuse('no-messages', 'a session with messages', `${toWords(counts)}, and no message`);
  const times = branches.flatMap(({ events }) => events.flatMap(({ time }) => time ?? []));
  const start = about.startedAt ?? (times.length === 0 ? undefined : least(times));
  const seconds = times.length < 2 ? undefined : Math.round(1000 * (most(times) - least(times))) / 1000;
  const rollout: Rollout = {
    id: about.id,
    // A session that begins with a turn of the model has no prompt that others could share.
    ...taskOf(first.events, about.task ?? (first.events[0]?.sampled === true ? about.id : undefined)),
    reward: null,
    branches,
    ...defined({ status: about.status, startedAt: start, tools: about.tools }),
  };
  const entry = accept(rollout, notes);
  return entry.ok ? { ...entry, fields: { ...about.fields, ...defined({ seconds }), ...counts } } : entry;
}

function toWords(counts: JsonObject): string {
  const aside = getString(counts, 'aside');
  return `${String(get(counts, 'lines'))} lines${aside === undefined ? '' : ` (${aside})`}`;
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

/** A file of one session: its rollout and the lines that are lost. A file of which nothing else is left to say says at least this. */
export function oneSession(entry: Decoded, tally: LineTally): DecodedLines {
  return { rollouts: [entry], faults: tally.faults };
}
