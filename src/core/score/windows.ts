/** The runs of tokens to forward in one window of one task: unbranched stretches of what is needed, in depth-first order. */
import { makeGrowable, push, type Growable } from '../../base/growable.ts';
import { NONE } from '../model/kinds.ts';
import type { TokenTree } from './token-tree.ts';

/** What stands in `position` for the start token. */
export const START = -1;

/** Runs of all windows so far; a run's siblings continue the same prefix in the same window. */
export interface RunColumns {
  /** run -> tokens of its window before it, start token included */
  readonly past: Growable<Int32Array<ArrayBuffer>>;
  /** run -> its tokens, position[from .. to) */
  readonly from: Growable<Int32Array<ArrayBuffer>>;
  readonly to: Growable<Int32Array<ArrayBuffer>>;
  /** run -> first query at or after its first token */
  readonly query: Growable<Int32Array<ArrayBuffer>>;
  /** run -> runs that continue it */
  readonly children: Growable<Int32Array<ArrayBuffer>>;
  /** run -> next run that continues the same one | NONE */
  readonly nextSibling: Growable<Int32Array<ArrayBuffer>>;
  /** index into edgeTokens, or START */
  readonly position: Growable<Int32Array<ArrayBuffer>>;
  /** query -> index into position, ascending; -> edge token that is scored */
  readonly queryAt: Growable<Int32Array<ArrayBuffer>>;
  readonly queryTarget: Growable<Int32Array<ArrayBuffer>>;
}

export function makeRunColumns(): RunColumns {
  const column = (): Growable<Int32Array<ArrayBuffer>> => makeGrowable(Int32Array);
  return {
    past: column(),
    from: column(),
    to: column(),
    query: column(),
    children: column(),
    nextSibling: column(),
    position: column(),
    queryAt: column(),
    queryTarget: column(),
  };
}

export interface Window {
  /** Depth of its first token, and the one it ends before. */
  readonly first: number;
  readonly end: number;
  /** Tokens at depths [scoreFrom, end] are scored in it: the last one from the logits of the window's last token. */
  readonly scoreFrom: number;
  /** A start token precedes it. */
  readonly start: boolean;
}

/** By node; valid for the nodes of the window being planned. */
export interface WindowScratch {
  /** Edge tokens to forward, [from, to). */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1: a scored token lies below the node; 2: in it; 3: both. */
  readonly need: Uint8Array;
  /** Children that have tokens to forward, or descendants that do. */
  readonly children: Int32Array;
  /** The nearest node at or above with tokens to forward, or NONE. */
  readonly holder: Int32Array;
  /** The run whose last node it is. */
  readonly run: Int32Array;
  /** First of the scored tokens whose prefix ends with the node, chained by `next`. */
  readonly head: Int32Array;
  /** node -> the next node whose first token is scored from the same prefix | NONE */
  readonly next: Int32Array;
  readonly nodes: Growable<Int32Array<ArrayBuffer>>;
}

export function makeWindowScratch(length: number): WindowScratch {
  const column = (): Int32Array => new Int32Array(length);
  return {
    from: column(),
    to: column(),
    need: new Uint8Array(length),
    children: column(),
    holder: column(),
    run: column(),
    head: column(),
    next: column(),
    nodes: makeGrowable(Int32Array),
  };
}

/** Appends the runs of one window to `runs`. */
export function planWindow(
  tree: TokenTree,
  wanted: Uint8Array,
  task: number,
  window: Window,
  runs: RunColumns,
  scratch: WindowScratch,
): void {
  visitWindow(tree, task, window, scratch);
  markNeeded(tree, wanted, window, scratch);
  linkNeeded(tree, wanted, window, scratch, runs);
}

/** Nodes that touch the window, in pre-order, with the tokens they have in it. */
function visitWindow(tree: TokenTree, task: number, window: Window, scratch: WindowScratch): void {
  const { nodes } = scratch;
  nodes.length = 0;
  const last = tree.treeStart[task + 1];
  for (let n = tree.treeStart[task]; n < last;) {
    const top = tree.depth[n];
    const start = tree.edgeStart[n];
    const bottom = top + tree.edgeStart[n + 1] - start;
    if (top > window.end) {
      n = tree.subtreeEnd[n];
      continue;
    }
    if (bottom >= window.first) {
      push(nodes, n);
      scratch.from[n] = start + Math.max(window.first - top, 0);
      scratch.to[n] = start + Math.max(Math.min(bottom, window.end) - top, 0);
      scratch.need[n] = 0;
      scratch.children[n] = 0;
      scratch.head[n] = NONE;
      scratch.next[n] = NONE;
      scratch.run[n] = NONE;
    }
    n++;
  }
}

/** Backwards, so that a node knows of its descendants: below a scored token nothing is forwarded. */
function markNeeded(tree: TokenTree, wanted: Uint8Array, window: Window, scratch: WindowScratch): void {
  const { nodes, from, to, need, children } = scratch;
  for (let k = nodes.length - 1; k >= 0; k--) {
    const n = nodes.data[k];
    const toEdge = tree.edgeStart[n] - tree.depth[n];
    const first = Math.max(tree.edgeStart[n], window.scoreFrom + toEdge);
    let scored = Math.min(tree.edgeStart[n + 1] - 1, window.end + toEdge);
    while (scored >= first && wanted[scored] === 0) scored--;
    if (scored >= first) need[n] |= 2;
    if (need[n] === 2) to[n] = Math.max(from[n], Math.min(to[n], scored));
    if (need[n] === 0) to[n] = from[n];
    const parent = tree.parent[n];
    if (parent === NONE || need[n] === 0) continue;
    need[parent] |= 1;
    if (to[n] > from[n] || (need[n] & 1) === 1) children[parent]++;
  }
}

/** Forwards: joins unbranched stretches into runs, and hangs every scored token on the last token of its prefix. */
function linkNeeded(tree: TokenTree, wanted: Uint8Array, window: Window, scratch: WindowScratch, runs: RunColumns): void {
  const { nodes, from, to, need, children, holder, head, next } = scratch;
  const inWindow = (n: number): boolean => n !== NONE && tree.depth[n] + tree.edgeStart[n + 1] - tree.edgeStart[n] >= window.first;
  let roots = 0;
  let startHead: number = NONE;
  for (let k = 0; k < nodes.length; k++) {
    const n = nodes.data[k];
    if (need[n] === 0) continue;
    const parent = inWindow(tree.parent[n]) ? tree.parent[n] : NONE;
    const above = parent === NONE ? NONE : holder[parent];
    holder[n] = to[n] > from[n] ? n : above;
    if (parent === NONE && (to[n] > from[n] || (need[n] & 1) === 1)) roots++;
    const first = tree.edgeStart[n];
    const scorable =
      first < tree.edgeStart[n + 1] && wanted[first] === 1 && tree.depth[n] >= window.scoreFrom && tree.depth[n] <= window.end;
    if (!scorable) continue;
    if (above !== NONE) {
      next[n] = head[above];
      head[above] = n;
    } else if (window.start) {
      next[n] = startHead;
      startHead = n;
    }
  }
  const offset = window.start ? 1 : 0;
  let run = -1;
  let tail: number = NONE;
  if (window.start && (roots > 0 || startHead !== NONE)) {
    run = openRun(runs, 0);
    runs.children.data[run] = roots;
    forwardToken(runs, START, startHead, tree, next);
    closeRun(runs, run);
  }
  const firstRun = runs.past.length;
  let lastRoot: number = NONE;
  for (let k = 0; k < nodes.length; k++) {
    const n = nodes.data[k];
    if (need[n] === 0 || !(to[n] > from[n] || (need[n] & 1) === 1)) continue;
    const parent = inWindow(tree.parent[n]) ? tree.parent[n] : NONE;
    const siblings = parent === NONE ? roots : children[parent];
    const joins = run !== -1 && siblings === 1 && tail === parent && (parent !== NONE || window.start);
    if (!joins) {
      run = openRun(runs, Math.max(tree.depth[n] - window.first, 0) + offset);
      const before = parent === NONE ? lastRoot : scratch.run[parent];
      // `run` of a fork holds its last child while its children are being opened.
      if (before !== NONE && before >= firstRun) runs.nextSibling.data[before] = run;
      if (parent === NONE) lastRoot = run;
      else scratch.run[parent] = run;
    }
    for (let i = from[n]; i < to[n]; i++) forwardEdge(runs, i, n, tree, wanted, window, scratch);
    runs.children.data[run] = children[n];
    closeRun(runs, run);
    tail = n;
  }
}

function openRun(runs: RunColumns, past: number): number {
  push(runs.past, past);
  push(runs.from, runs.position.length);
  push(runs.to, runs.position.length);
  push(runs.query, runs.queryAt.length);
  push(runs.nextSibling, NONE);
  return push(runs.children, 0);
}

function closeRun(runs: RunColumns, run: number): void {
  runs.to.data[run] = runs.position.length;
}

/** Edge token `i` of node `n`, asking about the token after it where that one is scored. */
function forwardEdge(
  runs: RunColumns,
  i: number,
  n: number,
  tree: TokenTree,
  wanted: Uint8Array,
  window: Window,
  scratch: WindowScratch,
): void {
  const after = i + 1;
  if (after < tree.edgeStart[n + 1]) {
    const at = push(runs.position, i);
    const depth = tree.depth[n] + after - tree.edgeStart[n];
    if (wanted[after] === 0 || depth < window.scoreFrom || depth > window.end) return;
    push(runs.queryAt, at);
    push(runs.queryTarget, after);
  } else forwardToken(runs, i, scratch.head[n], tree, scratch.next);
}

/** The last token of a node: it may have one scored token in each of several branches. */
function forwardToken(runs: RunColumns, position: number, head: number, tree: TokenTree, next: Int32Array): void {
  const at = push(runs.position, position);
  for (let n = head; n !== NONE; n = next[n]) {
    push(runs.queryAt, at);
    push(runs.queryTarget, tree.edgeStart[n]);
  }
}
