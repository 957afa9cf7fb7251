/**
 * Sessions whose lines name the line before them, to branches. Lines of one reply are one turn; calls that were made side by side, and
 * their results, are one turn and what follows it, however the log spreads them over siblings; what is left of forks are rewinds.
 */
import type { Branch, Part, RolloutEvent } from '../core/model/rollout.ts';
import { MAX_ROLLOUT_MESSAGES } from '../base/bounds.ts';
import { manyMessages } from './expansion.ts';
import type { Complaint } from './format.ts';

export interface SessionNode {
  readonly id: string | undefined;
  /** Id of the line before it; null: it begins; undefined: the log does not say, and it follows the line before it in the file. */
  readonly parent: string | null | undefined;
  /** Null: it only takes part in the chain. */
  readonly event: RolloutEvent | null;
  /** Lines of one reply of the model share it. */
  readonly reply?: string | undefined;
  /** Why the model knows nothing of what was before it: a new branch begins. */
  readonly cut?: string | undefined;
  /** Names the sub-agent that it is of; absent: the session itself. */
  readonly lane?: string | undefined;
}

export type SessionBranches = { readonly ok: true; readonly branches: Branch[] } | { readonly ok: false; readonly complaint: Complaint };

/** Nodes are in the order of the file. Never throws; a line that names a line which is not there begins a branch, with a note. */
export function branchesOfSession(nodes: readonly SessionNode[], notes: Complaint[]): SessionBranches {
  const up = parentsOf(nodes, notes);
  const events = nodes.map(({ event }) => event);
  /** node -> the node that holds its turn */
  const home = Int32Array.from(nodes, (_, i) => i);
  /** node -> its parts, where those of other nodes were added */
  const joined = new Map<number, Part[]>();
  const join = (i: number, into: number): void => {
    const [a, b] = [events[into], events[i]];
    if (i === into || !a || !b) return;
    home[i] = into;
    const parts = joined.get(into) ?? [...a.parts];
    joined.set(into, parts);
    for (const part of b.parts) parts.push(part);
    const { truncated: _, ...turn } = a;
    events[into] = { ...turn, parts, ...(b.truncated === true ? { truncated: true } : {}) };
    events[i] = null;
  };
  const replies = new Map<string, number>();
  nodes.forEach(({ reply, event, lane }, i) => {
    if (reply === undefined || event === null) return;
    const key = `${lane ?? ''} ${reply}`;
    const first = replies.get(key);
    if (first === undefined) replies.set(key, i);
    else join(i, first);
  });
  joinSiblings(messageParents(nodes, up, home, events), events, join);
  const parents = messageParents(nodes, up, home, events);
  chainResults(parents, events);
  const shown = Int32Array.from(parents, (parent, i) => (events[i] === null ? -1 : parent));
  return pathsOf(nodes, up, shown, events);
}

/** node -> the node that it names as the one before it, −1 where it begins. */
function parentsOf(nodes: readonly SessionNode[], notes: Complaint[]): Int32Array {
  const at = new Map<string, number>();
  nodes.forEach(({ id }, i) => {
    if (id !== undefined && !at.has(id)) at.set(id, i);
  });
  const named = nodes.filter(({ parent }) => typeof parent === 'string' && at.has(parent)).length;
  // Where most lines name no line that is there, the order of the file is all that there is.
  const isChained = named * 2 >= nodes.length - 1;
  const up = new Int32Array(nodes.length).fill(-1);
  const last = new Map<string, number>();
  let dangling = 0;
  nodes.forEach(({ parent, cut, lane = '' }, i) => {
    const before = last.get(lane) ?? -1;
    last.set(lane, i);
    if (cut !== undefined) return;
    const found = typeof parent === 'string' ? at.get(parent) : undefined;
    if (found !== undefined && found < i) up[i] = found;
    else if (parent === undefined || !isChained) up[i] = before;
    else if (parent !== null) dangling++;
  });
  if (dangling > 0)
    notes.push({
      code: 'dangling-parent',
      expected: 'lines that follow lines of the same file',
      found: `${dangling} that name another; a branch begins at each`,
    });
  return up;
}

/** node -> nearest turn before it, −1 where there is none. Of nodes that hold no turn, too. */
function messageParents(
  nodes: readonly SessionNode[],
  up: Int32Array,
  home: Int32Array,
  events: readonly (RolloutEvent | null)[],
): Int32Array {
  const parents = new Int32Array(nodes.length).fill(-1);
  for (let i = 0; i < nodes.length; i++) {
    const above = up[i]!;
    if (above < 0) continue;
    let turn = above;
    while (home[turn] !== turn) turn = home[turn]!;
    parents[i] = events[turn] === null ? (parents[turn] ?? -1) : turn;
  }
  return parents;
}

const hasCall = (event: RolloutEvent | null | undefined): boolean =>
  event?.sampled === true && event.parts.some(({ kind }) => kind === 'call');
const isResult = (event: RolloutEvent | null | undefined): boolean => event?.role === 'tool';

/** Turns with calls that follow one turn and of which at most one goes on were made side by side: they are one turn. */
function joinSiblings(parents: Int32Array, events: readonly (RolloutEvent | null)[], join: (i: number, into: number) => void): void {
  const goesOn = new Uint8Array(parents.length);
  for (let i = parents.length - 1; i >= 0; i--) {
    const parent = parents[i]!;
    if (parent >= 0 && (goesOn[i] === 1 || events[i]?.sampled === true)) goesOn[parent] = 1;
  }
  const siblings = new Map<number, number[]>();
  parents.forEach((parent, i) => {
    if (parent < 0 || events[i]?.sampled !== true) return;
    const list = siblings.get(parent);
    if (list) list.push(i);
    else siblings.set(parent, [i]);
  });
  for (const list of siblings.values()) {
    if (list.length < 2 || !list.every((i) => hasCall(events[i])) || list.filter((i) => goesOn[i] === 1).length > 1) continue;
    for (const i of list.slice(1)) join(i, list[0]!);
  }
}

/** Results of one turn follow each other, and what follows one of them or the turn itself follows the last. Changes `parents`. */
function chainResults(parents: Int32Array, events: readonly (RolloutEvent | null)[]): void {
  /** turn with results -> the last of them so far */
  const last = new Map<number, number>();
  /** result -> its turn */
  const turnOf = new Map<number, number>();
  parents.forEach((parent, i) => {
    if (!isResult(events[i]) || parent < 0) return;
    const turn = turnOf.get(parent) ?? parent;
    if (!hasCall(events[turn])) return;
    turnOf.set(i, turn);
    const before = last.get(turn);
    if (before !== undefined) parents[i] = before;
    last.set(turn, i);
  });
  parents.forEach((parent, i) => {
    if (events[i] === null || turnOf.has(i) || parent < 0) return;
    parents[i] = last.get(turnOf.get(parent) ?? parent) ?? parent;
  });
}

/** One branch for each turn that none follows; the session's own before those of its sub-agents. */
function pathsOf(
  nodes: readonly SessionNode[],
  up: Int32Array,
  parents: Int32Array,
  events: readonly (RolloutEvent | null)[],
): SessionBranches {
  const isParent = new Uint8Array(nodes.length);
  for (const parent of parents) if (parent >= 0) isParent[parent] = 1;
  const main = nodes.some(({ lane, event }) => lane === undefined && event !== null) ? undefined : nodes[0]?.lane;
  const leaves = nodes.flatMap((_, i) => (events[i] !== null && isParent[i] === 0 ? [i] : []));
  const taken = new Uint8Array(nodes.length);
  const ordered = [...leaves.filter((i) => nodes[i]?.lane === main), ...leaves.filter((i) => nodes[i]?.lane !== main)];
  const branches: Branch[] = [];
  let messages = 0;
  for (const leaf of ordered) {
    const path: RolloutEvent[] = [];
    let root = leaf;
    let shares = false;
    for (let i = leaf; i >= 0; i = parents[i]!) {
      if (++messages > MAX_ROLLOUT_MESSAGES) return { ok: false, complaint: manyMessages() };
      const event = events[i];
      if (event) path.push(event);
      shares ||= taken[i] === 1;
      taken[i] = 1;
      root = i;
    }
    path.reverse();
    const isFirst = branches.length === 0;
    const why = nodes[leaf]?.lane !== main ? 'sub-agent' : shares ? 'rewind' : causeOf(nodes, up, root);
    branches.push({ events: path, ...(why === undefined || isFirst ? {} : { cause: why }) });
  }
  return { ok: true, branches };
}

/** Why a path begins where it does: what cuts it off, at its first turn or at a line above that holds none. */
function causeOf(nodes: readonly SessionNode[], up: Int32Array, root: number): string | undefined {
  for (let i = root; i >= 0; i = up[i]!) {
    const cut = nodes[i]?.cut;
    if (cut !== undefined) return cut;
  }
  return undefined;
}
