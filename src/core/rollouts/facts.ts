/**
 * What is counted in a rollout while it still is an object, and the fields that its record has beside the conversation; as a short
 * text, because a row of each rollout carries it.
 */
import { TextHash } from '../../base/hash.ts';
import type { Part, Rollout, RolloutEvent } from '../model/rollout.ts';

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
  if (branches.length === 1) return branches[0].events.map((event, at) => ({ event, isSampled: event.sampled, branch: 0, at }));
  // Of a tree of events, by the number of the node above and what the event says.
  const nodes = new Map<string, { readonly id: number; readonly entry: DistinctEvent }>();
  const keys = new Map<RolloutEvent, string>();
  for (const [branch, { events }] of branches.entries()) {
    let above = 0;
    for (const [at, event] of events.entries()) {
      let said = keys.get(event);
      if (said === undefined) keys.set(event, (said = saidBy(event)));
      const key = `${above} ${said}`;
      let node = nodes.get(key);
      if (node === undefined) nodes.set(key, (node = { id: nodes.size + 1, entry: { event, isSampled: false, branch, at } }));
      if (event.sampled && !node.entry.isSampled) Object.assign(node.entry, { isSampled: true, branch, at });
      above = node.id;
    }
  }
  return Array.from(nodes.values(), ({ entry }) => entry);
}

function saidBy({ role, parts }: RolloutEvent): string {
  const hash = new TextHash();
  hash.add(role);
  for (const { kind, text, tool = '', error = false } of parts) {
    hash.add(`${kind}${error ? '!' : ''}`);
    hash.add(tool);
    hash.add(text);
  }
  return hash.digest();
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
