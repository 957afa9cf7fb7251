/**
 * What a rollout did when: intervals of generation, of tools and of waiting, from the times of its events. An event's making ends at its
 * time. It began where the log says how long it took; elsewhere, where the event before it ended, and then who made it says what was
 * done meanwhile [ours]. What nothing tells of is unknown.
 */
import type { Branch, Rollout, RolloutEvent } from '../model/rollout.ts';

/** In the order of precedence: where branches of a rollout overlap, the first of these counts. */
export const TIME_KINDS = ['generation', 'tool', 'waiting', 'unknown'] as const;
const WAITING = 2;
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

interface Turn {
  readonly size: number;
  readonly seconds: number;
  /** When it began and ended, NaN = unknown. */
  readonly from: number;
  readonly to: number;
  /** Seconds of what follows it that the log tells without saying when; NaN: none. */
  rest: number;
}

interface Gathered {
  /** Start, end, kind, one after the other. */
  readonly intervals: number[];
  readonly turns: Turn[];
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
  const union = unionOf(gathered.intervals);
  return {
    ...union,
    turnSizes: Float64Array.from(turns, ({ size }) => size),
    turnSeconds: Float64Array.from(turns, ({ seconds }) => seconds),
    restSeconds: restsOf(turns, union),
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
  let turn: Turn | undefined;
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
        const asked = start - (tookOf(event.waited) || 0);
        intervals.push(asked, start, WAITING);
        if (asked > clock && meanwhile !== -1) intervals.push(clock, asked, meanwhile);
      } else if (event.time > clock) {
        intervals.push(clock, event.time, joined);
        if (joined === kind) seconds = event.time - clock;
      } else if (event.time === clock && meanwhile === -1) seconds = 0;
      if (isNew && event.time < clock && Number.isNaN(took)) gathered.backwards++;
      clock = Number.isNaN(clock) ? event.time : Math.max(clock, event.time);
      meanwhile = -1;
    } else {
      if (isNew) gathered.untimed++;
      if (isNew && !Number.isNaN(took)) {
        gathered.unplaced++;
        if (turn !== undefined && isRest(kind)) turn.rest = (Number.isNaN(turn.rest) ? 0 : turn.rest) + took;
      }
      meanwhile = joined;
    }
    if (!isNew) continue;
    if (!event.sampled) continue;
    const to = isTime(event.time) ? event.time : Number.NaN;
    turns.push((turn = { size: sizeOf(event), seconds, from: to - seconds, to, rest: Number.NaN }));
  }
}

/**
 * turn -> seconds of tools and waiting from its end to where the next begins (of the last: to the end). Unknown where nothing else lies
 * there but what is unknown; of turns without times, what the log tells of how long results took.
 */
function restsOf(turns: readonly Turn[], { edges, kinds }: Pick<RolloutTimes, 'edges' | 'kinds'>): Float64Array<ArrayBuffer> {
  const rests = Float64Array.from(turns, ({ rest }) => rest);
  const startOf = (turn: number): number => (Number.isNaN(turns[turn].from) ? turns[turn].to : turns[turn].from);
  const placed = [...turns.keys()].filter((t) => !Number.isNaN(turns[t].to)).sort((a, b) => startOf(a) - startOf(b) || a - b);
  for (const [i, turn] of placed.entries()) {
    const from = turns[turn].to;
    const to = i + 1 < placed.length ? startOf(placed[i + 1]) : Infinity;
    let known = to <= from ? 0 : Number.NaN;
    // What lies between turns lies between no two others, so each interval is looked at once.
    for (let k = firstAfter(edges, from); k < kinds.length && edges[k] < to; k++) {
      const length = Math.min(edges[k + 1], to) - Math.max(edges[k], from);
      if (length > 0 && kinds[k] !== UNKNOWN) known = (Number.isNaN(known) ? 0 : known) + (isRest(kinds[k]) ? length : 0);
    }
    if (!Number.isNaN(known)) rests[turn] = known;
  }
  return rests;
}

/** The first interval that ends after a time. */
function firstAfter(edges: Float64Array, time: number): number {
  let low = -1;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edges[middle + 1] <= time) low = middle;
    else high = middle;
  }
  return high;
}

function isRest(kind: number): boolean {
  return kind === 1 || kind === WAITING;
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
