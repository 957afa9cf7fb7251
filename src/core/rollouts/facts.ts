/**
 * What is counted in a rollout while it still is an object, and the fields that its record has beside the conversation; as a short
 * text, because a row of each rollout carries it.
 */
import type { Part, Rollout, RolloutEvent } from '../model/rollout.ts';
import { eventIds } from './event-ids.ts';

/** A member of the record that is no list and no object. */
export type FieldValue = number | string | boolean;

export interface RolloutCounts {
  /** Messages that the policy wrote. */
  readonly turns: number;
  /** Tool calls in them. */
  readonly calls: number;
  /** Tool results that are errors. */
  readonly errors: number;
  /** Calls that were made together with others in one turn. */
  readonly parallel: number;
  /** Names of the tools that the policy called, each once. */
  readonly tools: readonly string[];
}

export interface RolloutFacts extends RolloutCounts {
  /** Parallel to the row's `fieldNames`. */
  readonly fields: readonly FieldValue[];
  /** Fields of the record that are left out: too many, or too long. */
  readonly fieldsLeftOut: number;
}

/** Each event is counted once, however many branches show it: two are one where all that comes before them is one. O(texts). */
export function countRollout({ branches }: Pick<Rollout, 'branches'>): RolloutCounts {
  const counts = { turns: 0, calls: 0, errors: 0, parallel: 0 };
  const tools = new Set<string>();
  for (const { event, isSampled } of distinctEvents(branches)) {
    for (const part of event.parts) if (part.kind === 'result' && part.error === true) counts.errors++;
    if (!isSampled) continue;
    const calls = event.parts.filter(isCall);
    counts.turns++;
    counts.calls += calls.length;
    if (calls.length > 1) counts.parallel += calls.length;
    for (const { tool } of calls) if (tool !== undefined && tool !== '') tools.add(tool);
  }
  return { ...counts, tools: [...tools] };
}

function isCall({ kind }: Part): boolean {
  return kind === 'call' || kind === 'memory';
}

export interface DistinctEvent {
  readonly event: RolloutEvent;
  /** In one of the branches that show it; the others replay it. */
  isSampled: boolean;
  /** Where it was sampled first, else where it is shown first. */
  branch: number;
  at: number;
}

/** Each event once, in the order in which the branches show them first. O(texts). */
export function distinctEvents(branches: Rollout['branches']): Iterable<DistinctEvent> {
  const entries: DistinctEvent[] = [];
  for (const [branch, ids] of eventIds(branches).entries()) {
    for (const [at, id] of ids.entries()) {
      const event = branches[branch].events[at];
      const entry = (entries[id] ??= { event, isSampled: false, branch, at });
      if (event.sampled && !entry.isSampled) Object.assign(entry, { isSampled: true, branch, at });
    }
  }
  return entries;
}

type Packed = readonly [
  turns: number,
  calls: number,
  errors: number,
  parallel: number,
  fieldsLeftOut: number,
  tools: readonly string[],
  fields: readonly FieldValue[],
];

export function packFacts({ turns, calls, errors, parallel, tools, fields, fieldsLeftOut }: RolloutFacts): string {
  const packed: Packed = [turns, calls, errors, parallel, fieldsLeftOut, tools, fields];
  return JSON.stringify(packed);
}

/** What `packFacts` was given. */
export function unpackFacts(text: string): RolloutFacts {
  const packed: Packed = JSON.parse(text);
  const [turns, calls, errors, parallel, fieldsLeftOut, tools, fields] = packed;
  return { turns, calls, errors, parallel, fieldsLeftOut, tools, fields };
}
