/** The growing tree's nodes as columns, and the two things that happen to them: a child is added, a run is cut. */
import { grown, makeGrowable, pushRun } from '../../base/growable.ts';
import type { Growable } from '../../base/growable.ts';
import { FLAG, KINDS, NONE } from '../model/kinds.ts';

/** Sibling lists longer than this get a Map from first key to child. */
const LIST_LIMIT = 16;

type Int32 = Int32Array<ArrayBuffer>;

export interface BuilderNodes {
  length: number;
  /** node -> first token in the pool */
  start: Int32;
  /** node -> tokens in its run; 0 only for the node that stands for a task */
  run: Int32;
  firstChild: Int32;
  nextSibling: Int32;
  /** node -> number of children, or ~h where `hubs[h]` finds them */
  children: Int32;
  reach: Int32;
  sampled: Int32;
  /** node -> head of the list of trajectories that end with it */
  ends: Int32;
  /** node -> its block in the channel sums, or NONE while one trajectory brought values */
  block: Int32;
  /** node -> row of `votes`, or NONE while all trajectories agree on the kind */
  votesRow: Int32;
  tool: Int32;
  kinds: Uint16Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;
  endings: Uint16Array<ArrayBuffer>;
  /** row -> KINDS.length counts of trajectories */
  readonly votes: Growable<Int32>;
  /** hub -> first key -> child */
  readonly hubs: Map<number, number>[];
}

const column = (): Int32 => new Int32Array(0);

export function makeBuilderNodes(): BuilderNodes {
  return {
    length: 0,
    start: column(),
    run: column(),
    firstChild: column(),
    nextSibling: column(),
    children: column(),
    reach: column(),
    sampled: column(),
    ends: column(),
    block: column(),
    votesRow: column(),
    tool: column(),
    kinds: new Uint16Array(0),
    flags: new Uint8Array(0),
    endings: new Uint16Array(0),
    votes: makeGrowable(Int32Array),
    hubs: [],
  };
}

/** A node over pool tokens [start, start + run) that nobody has passed yet. */
export function addNode(nodes: BuilderNodes, start: number, run: number): number {
  const n = nodes.length++;
  if (n === nodes.start.length) growNodes(nodes);
  nodes.start[n] = start;
  nodes.run[n] = run;
  nodes.firstChild[n] = NONE;
  nodes.nextSibling[n] = NONE;
  nodes.ends[n] = NONE;
  nodes.block[n] = NONE;
  nodes.votesRow[n] = NONE;
  nodes.tool[n] = NONE;
  return n;
}

function growNodes(nodes: BuilderNodes): void {
  const length = nodes.length;
  nodes.start = grown(nodes.start, length);
  nodes.run = grown(nodes.run, length);
  nodes.firstChild = grown(nodes.firstChild, length);
  nodes.nextSibling = grown(nodes.nextSibling, length);
  nodes.children = grown(nodes.children, length);
  nodes.reach = grown(nodes.reach, length);
  nodes.sampled = grown(nodes.sampled, length);
  nodes.ends = grown(nodes.ends, length);
  nodes.block = grown(nodes.block, length);
  nodes.votesRow = grown(nodes.votesRow, length);
  nodes.tool = grown(nodes.tool, length);
  nodes.kinds = grown(nodes.kinds, length);
  nodes.flags = grown(nodes.flags, length);
  nodes.endings = grown(nodes.endings, length);
}

/** The child of `parent` whose run starts with `key`, or NONE. */
export function findChild(nodes: BuilderNodes, pool: Int32Array, parent: number, key: number): number {
  const children = nodes.children[parent];
  if (children < 0) return nodes.hubs[~children].get(key) ?? NONE;
  let child = nodes.firstChild[parent];
  while (child !== NONE && pool[nodes.start[child]] !== key) child = nodes.nextSibling[child];
  return child;
}

/** Hangs `child` under `parent`; the caller has made sure that no sibling starts with the same key. */
export function linkChild(nodes: BuilderNodes, pool: Int32Array, parent: number, child: number): void {
  nodes.nextSibling[child] = nodes.firstChild[parent];
  nodes.firstChild[parent] = child;
  const children = nodes.children[parent];
  if (children < 0) {
    nodes.hubs[~children].set(pool[nodes.start[child]], child);
  } else if (children < LIST_LIMIT) {
    nodes.children[parent] = children + 1;
  } else {
    const hub = new Map<number, number>();
    for (let c = child; c !== NONE; c = nodes.nextSibling[c]) hub.set(pool[nodes.start[c]], c);
    nodes.children[parent] = ~nodes.hubs.length;
    nodes.hubs.push(hub);
  }
}

/**
 * Cuts the run of `n` after `at` tokens. `n` keeps the upper part, its place among its siblings and everything
 * voted; a new child takes the lower part with the children and the trajectories that end there. Everyone who has
 * passed goes on into the lower part within a segment, so a kept path must not end between the two.
 */
export function cutNode(nodes: BuilderNodes, n: number, at: number): void {
  const lower = addNode(nodes, nodes.start[n] + at, nodes.run[n] - at);
  nodes.firstChild[lower] = nodes.firstChild[n];
  nodes.children[lower] = nodes.children[n];
  nodes.reach[lower] = nodes.reach[n];
  nodes.sampled[lower] = nodes.sampled[n];
  nodes.ends[lower] = nodes.ends[n];
  nodes.tool[lower] = nodes.tool[n];
  nodes.kinds[lower] = nodes.kinds[n];
  nodes.flags[lower] = nodes.flags[n];
  nodes.endings[lower] = nodes.endings[n];
  if (nodes.block[n] !== NONE) nodes.block[lower] = nodes.block[n] + at;
  if (nodes.votesRow[n] !== NONE) nodes.votesRow[lower] = copyVotes(nodes, nodes.votesRow[n]);
  nodes.run[n] = at;
  nodes.firstChild[n] = lower;
  nodes.children[n] = 1;
  nodes.ends[n] = NONE;
  nodes.flags[n] |= FLAG.open;
  nodes.endings[n] = 0;
}

/** One trajectory passes `n`, where its segment has this kind and these flags; `endings`: what is complete at its end. */
export function passNode(nodes: BuilderNodes, n: number, kind: number, flags: number, endings: number): void {
  const bit = 1 << kind;
  const kinds = nodes.kinds[n];
  if (nodes.votesRow[n] !== NONE) {
    nodes.votes.data[nodes.votesRow[n] + kind]++;
  } else if (kinds !== 0 && kinds !== bit) {
    const row = copyVotes(nodes, NONE);
    nodes.votesRow[n] = row;
    nodes.votes.data[row + (31 - Math.clz32(kinds))] = nodes.reach[n];
    nodes.votes.data[row + kind] = 1;
  }
  nodes.kinds[n] = kinds | bit;
  nodes.flags[n] |= flags;
  nodes.endings[n] |= endings;
  nodes.reach[n]++;
  if ((flags & FLAG.sampled) !== 0) nodes.sampled[n]++;
}

const NO_VOTES = new Int32Array(KINDS.length);

function copyVotes(nodes: BuilderNodes, row: number): number {
  const { votes } = nodes;
  return row === NONE ? pushRun(votes, NO_VOTES, 0, KINDS.length) : pushRun(votes, votes.data, row, row + KINDS.length);
}

/** The kind that most trajectories give the node; among equals the lowest index. */
export function majorityKind(nodes: BuilderNodes, n: number): number {
  const row = nodes.votesRow[n];
  if (row === NONE) return 31 - Math.clz32(nodes.kinds[n]);
  let best = 0;
  for (let kind = 1; kind < KINDS.length; kind++) if (nodes.votes.data[row + kind] > nodes.votes.data[row + best]) best = kind;
  return best;
}
