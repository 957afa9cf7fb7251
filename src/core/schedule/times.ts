/**
 * What a rollout did when: intervals of generation, of tools and of waiting, from the times of its events. An event's making ends at its
 * time. It began where the log says how long it took; elsewhere, where the event before it ended, and then who made it says what was
 * done meanwhile [ours]. What nothing tells of is unknown.
 */
import type { Branch, Rollout, RolloutEvent } from '../model/rollout.ts';

/** In the order of precedence: where branches of a rollout overlap, the first of these counts. */
export const TIME_KINDS = ['generation', 'tool', 'waiting', 'unknown'] as const;
const UNKNOWN = 3;

/** Plain data that crosses threads; seconds since the epoch. */
export interface RolloutTimes {
  /** Interval -> where it starts; ascending. Each ends where the next starts. One entry more: where the last ends; empty: no times. */
  readonly edges: Float64Array<ArrayBuffer>;
  /** interval -> index into TIME_KINDS; neighbours differ */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** turn -> ids that the log says were sampled in it, else UTF-16 units of its text: what its share of the rollout's tokens is taken by */
  readonly turnSizes: Float64Array<ArrayBuffer>;
  /** turn -> seconds of its generation, NaN = unknown */
  readonly turnSeconds: Float64Array<ArrayBuffer>;
  /** turn -> seconds of tools and waiting from its end to the next turn, NaN = unknown */
  readonly restSeconds: Float64Array<ArrayBuffer>;
  /** Distinct events. */
  readonly events: number;
  /** Distinct events without a time. */
  readonly untimed: number;
  /** Distinct events whose time is before that of the event before them: no interval is made of those. */
  readonly backwards: number;
  /** Distinct events of which the log says how long they took and not when: in no interval. */
  readonly unplaced: number;
}

/** Who made an event says what was done: the policy, a tool, or whoever answers as a user does. Null: it does not say. */
function kindOf({ role, parts }: RolloutEvent): number | null {
  if (parts.length > 0 && parts.every(({ kind }) => kind === 'summary')) return null;
  return role === 'assistant' ? 0 : role === 'tool' ? 1 : role === 'user' ? 2 : null;
}

/** The last time that a date can be, seconds since the epoch. */
const LAST_TIME = 8.64e12;

/** A number that can be a time. */
function isTime(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value <= LAST_TIME;
}

/** A number that can be a duration; NaN otherwise. */
function tookOf(value: number | undefined): number {
  return value !== undefined && value >= 0 && value <= LAST_TIME ? value : Number.NaN;
}

interface Gathered {
  /** Start, end, kind, one after the other. */
  readonly intervals: number[];
  readonly turns: { readonly size: number; seconds: number; rest: number }[];
  readonly seen: Set<RolloutEvent>;
  untimed: number;
  backwards: number;
  unplaced: number;
}

/** O(n log n) in events. Never throws, whatever the times are. */
export function timesOf({ branches }: Rollout): RolloutTimes {
  const gathered: Gathered = { intervals: [], turns: [], seen: new Set(), untimed: 0, backwards: 0, unplaced: 0 };
  for (const branch of branches) gather(branch, gathered);
  const { turns, seen, untimed, backwards, unplaced } = gathered;
  return {
    ...unionOf(gathered.intervals),
    turnSizes: Float64Array.from(turns, ({ size }) => size),
    turnSeconds: Float64Array.from(turns, ({ seconds }) => seconds),
    restSeconds: Float64Array.from(turns, ({ rest }) => rest),
    events: seen.size,
    untimed,
    backwards,
    unplaced,
  };
}

function gather({ events }: Branch, gathered: Gathered): void {
  const { intervals, turns, seen } = gathered;
  /** Where the last event with a time ended. */
  let clock = Number.NaN;
  /** What was done since, of events without a time; -1: nothing, UNKNOWN: several things, or what is not told. */
  let meanwhile = -1;
  let turn: Gathered['turns'][number] | undefined;
  const rests = (seconds: number): void => {
    if (turn !== undefined) turn.rest = (Number.isNaN(turn.rest) ? 0 : turn.rest) + seconds;
  };
  for (const event of events) {
    const isNew = !seen.has(event);
    seen.add(event);
    const kind = kindOf(event) ?? UNKNOWN;
    const took = tookOf(event.seconds);
    const joined = meanwhile === -1 || meanwhile === kind ? kind : UNKNOWN;
    // From here on `turn` is the one before this event, until the event's own is made.
    let seconds = took;
    if (isTime(event.time)) {
      const start = event.time - took;
      if (!Number.isNaN(took)) {
        intervals.push(start, event.time, kind);
        if (start > clock && meanwhile !== -1) {
          intervals.push(clock, start, meanwhile);
          if (isNew && isRest(meanwhile)) rests(start - clock);
        }
      } else if (event.time > clock) {
        intervals.push(clock, event.time, joined);
        if (joined === kind) seconds = event.time - clock;
      } else if (event.time === clock && meanwhile === -1) seconds = 0;
      if (isNew && event.time < clock && Number.isNaN(took)) gathered.backwards++;
      clock = Number.isNaN(clock) ? event.time : Math.max(clock, event.time);
      meanwhile = -1;
    } else {
      if (isNew) gathered.untimed++;
      if (isNew && !Number.isNaN(took)) gathered.unplaced++;
      meanwhile = joined;
    }
    if (!isNew) continue;
    if (event.sampled) turns.push((turn = { size: sizeOf(event), seconds, rest: Number.NaN }));
    else if (isRest(kind) && !Number.isNaN(seconds)) rests(seconds);
  }
}

function isRest(kind: number): boolean {
  return kind === 1 || kind === 2;
}

/** Tokens that were sampled, where the log has their ids; else how long its texts are, and at least 1. */
function sizeOf({ tokens, parts }: RolloutEvent): number {
  const ids = tokens?.ids;
  if (ids !== undefined) {
    if (tokens?.mask === undefined) return Math.max(1, ids.length);
    let sampled = 0;
    for (let i = 0; i < tokens.mask.length; i++) if (tokens.mask[i] === 1) sampled++;
    return Math.max(1, sampled);
  }
  let length = 0;
  for (const { text } of parts) length += text.length;
  return Math.max(1, length);
}

/** Intervals that may overlap, as ones that do not and leave nothing out between the first start and the last end. */
export function unionOf(intervals: readonly number[]): Pick<RolloutTimes, 'edges' | 'kinds'> {
  const marks: { readonly at: number; readonly kind: number; readonly step: 1 | -1 }[] = [];
  for (let i = 0; i < intervals.length; i += 3) {
    if (!(intervals[i] < intervals[i + 1])) continue;
    marks.push({ at: intervals[i], kind: intervals[i + 2], step: 1 }, { at: intervals[i + 1], kind: intervals[i + 2], step: -1 });
  }
  marks.sort((a, b) => a.at - b.at);
  const open = [0, 0, 0, 0];
  const edges: number[] = [];
  const kinds: number[] = [];
  for (let i = 0; i < marks.length;) {
    const { at } = marks[i];
    for (; i < marks.length && marks[i].at === at; i++) open[marks[i].kind] += marks[i].step;
    const first = open.findIndex((count) => count > 0);
    const kind = first === -1 ? UNKNOWN : first;
    if (i === marks.length) edges.push(at);
    else if (kinds.length === 0 || kinds[kinds.length - 1] !== kind) {
      edges.push(at);
      kinds.push(kind);
    }
  }
  return { edges: Float64Array.from(edges), kinds: Uint8Array.from(kinds) };
}
