/**
 * Decides what a language model is asked to score a forest: every distinct prefix once, depth-first, in windows.
 *
 * A token is forwarded when a wanted token lies below it on some path; the rest of the forest is left alone. The model
 * keeps the keys and values of one path; at a fork the next branch continues them, cut back to the fork. Leaves of one
 * fork are forwarded side by side.
 *
 * Windows [ours]: a model sees `context` tokens at once. Window k shows the tokens at depths [k·s, k·s + c), with
 * c = context (less one for the start token) and stride s = c − overlap; its first `overlap` tokens were forwarded by
 * the window before and are forwarded again, for context only. Windows start at the same depth on every path, hence at
 * the same token for all branches that share it, and share its cache like any other prefix. Every scored token beyond
 * the first window has between `overlap` and c tokens before it.
 */
import { addBit, countBits, makeBitSet } from '../../base/bit-set.ts';
import { makeGrowable, push, trimmed, type Growable } from '../../base/growable.ts';
import type { TokenTree } from './token-tree.ts';
import { makeRunColumns, makeWindowScratch, planWindow, START, type RunColumns } from './windows.ts';

export interface ScoreLimits {
  /** Tokens the model may see at once. */
  readonly context: number;
  /** Tokens that a later window repeats, < context. */
  readonly overlap: number;
  /** Most tokens of one request, padding included. */
  readonly chunk: number;
  /** Most rows of one request. */
  readonly batch: number;
  /** Most tokens held in caches during one request: of the path, and what the request's rows make of it; at least two contexts. */
  readonly cacheTokens: number;
  /** Token put before every text, or null: then the first token of a text has no score. */
  readonly start: number | null;
}

/** Steps in the order they must run; each is one request. */
export interface ScorePlan {
  /** As used: where the cache budget is small, `context` is lower than asked for, and `overlap` as much lower. */
  readonly limits: ScoreLimits;
  readonly steps: number;
  /** step -> first row; steps + 1 entries */
  readonly stepRow: Int32Array;
  /** step -> tokens of the path's cache that its rows continue; 0 starts a window */
  readonly stepPast: Int32Array;
  /** step -> 1: its row, after what it continues, is the path from now on */
  readonly stepKeep: Uint8Array;
  /** row -> its tokens, position[rowFrom .. rowTo) */
  readonly rowFrom: Int32Array;
  readonly rowTo: Int32Array;
  /** row -> its queries [rowQuery, rowQueryEnd) */
  readonly rowQuery: Int32Array;
  readonly rowQueryEnd: Int32Array;
  /** forwarded token -> index into edgeTokens, or START */
  readonly position: Int32Array;
  /** query -> forwarded token (index into `position`) whose next-token distribution is asked about; ascending */
  readonly queryAt: Int32Array;
  /** query -> index into edgeTokens of the token that is scored */
  readonly queryTarget: Int32Array;
  /** Tokens forwarded = distinct + reanchored. */
  readonly forwarded: number;
  /** Edge tokens forwarded, each counted once. */
  readonly distinct: number;
  /** Repeated at the start of later windows, and start tokens. */
  readonly reanchored: number;
  /** Filled up in requests of several rows; computed and thrown away. */
  readonly padding: number;
  /** Wanted tokens that no prefix leads to: the first of a text, without a start token. */
  readonly unscorable: number;
}

/** Steps while they are being written. */
interface StepColumns {
  readonly row: Growable<Int32Array<ArrayBuffer>>;
  readonly past: Growable<Int32Array<ArrayBuffer>>;
  readonly keep: Growable<Uint8Array<ArrayBuffer>>;
  readonly from: Growable<Int32Array<ArrayBuffer>>;
  readonly to: Growable<Int32Array<ArrayBuffer>>;
  readonly query: Growable<Int32Array<ArrayBuffer>>;
  readonly queryEnd: Growable<Int32Array<ArrayBuffer>>;
  padding: number;
}

/**
 * @param wanted edge token -> 1 where a score is wanted (`wantedTokens`)
 * Time: tokens + windows × nodes. Throws where a limit makes no sense.
 */
export function planScores(tree: TokenTree, wanted: Uint8Array, limits: ScoreLimits): ScorePlan {
  const used = usableLimits(limits);
  const steps: StepColumns = {
    row: makeGrowable(Int32Array),
    past: makeGrowable(Int32Array),
    keep: makeGrowable(Uint8Array),
    from: makeGrowable(Int32Array),
    to: makeGrowable(Int32Array),
    query: makeGrowable(Int32Array),
    queryEnd: makeGrowable(Int32Array),
    padding: 0,
  };
  const runs = makeRunColumns();
  const scratch = makeWindowScratch(tree.length);
  const capacity = used.context - (used.start === null ? 0 : 1);
  const stride = capacity - used.overlap;
  for (let task = 0; task + 1 < tree.treeStart.length; task++) {
    const deepest = deepestWanted(tree, wanted, task);
    for (let window = 0; ; window++) {
      const first = window * stride;
      // A window scores what those before it have not: depths first + overlap + 1 to first + capacity.
      const scoreFrom = window === 0 ? (used.start === null ? 1 : 0) : first + used.overlap + 1;
      if (scoreFrom > deepest) break;
      const firstRun = runs.past.length;
      planWindow(
        tree,
        wanted,
        task,
        { first, end: first + capacity, scoreFrom, start: window === 0 && used.start !== null },
        runs,
        scratch,
      );
      writeSteps(runs, firstRun, used, steps);
    }
  }
  push(steps.row, steps.from.length);
  const position = trimmed(runs.position);
  const distinct = countDistinct(position, tree.edgeTokens.length);
  let asked = 0;
  for (let i = 0; i < wanted.length; i++) asked += wanted[i];
  return {
    limits: used,
    steps: steps.past.length,
    stepRow: trimmed(steps.row),
    stepPast: trimmed(steps.past),
    stepKeep: trimmed(steps.keep),
    rowFrom: trimmed(steps.from),
    rowTo: trimmed(steps.to),
    rowQuery: trimmed(steps.query),
    rowQueryEnd: trimmed(steps.queryEnd),
    position,
    queryAt: trimmed(runs.queryAt),
    queryTarget: trimmed(runs.queryTarget),
    forwarded: position.length,
    distinct,
    reanchored: position.length - distinct,
    padding: steps.padding,
    unscorable: asked - runs.queryTarget.length,
  };
}

/** Two caches are alive at the worst moment: the path's, and its cut-back copy or the one that a request makes. */
export function usableLimits(limits: ScoreLimits): ScoreLimits {
  const context = Math.min(limits.context, Math.floor(limits.cacheTokens / 2));
  const start = limits.start === null ? 0 : 1;
  const inShare = Math.floor((limits.overlap * context) / limits.context);
  const overlap = Math.min(inShare, Math.floor((context - start) / 2));
  if (!(context - start >= 2))
    throw new Error(
      `score limits: expected a context of at least ${2 + start} tokens, found ${context} (cache budget ${limits.cacheTokens} tokens)`,
    );
  if (!(limits.chunk >= 1 && limits.batch >= 1 && overlap >= 0))
    throw new Error(`score limits: expected chunk and batch of at least 1, found ${limits.chunk} and ${limits.batch}`);
  return { ...limits, context, overlap };
}

function deepestWanted(tree: TokenTree, wanted: Uint8Array, task: number): number {
  let deepest = -1;
  for (let n = tree.treeStart[task]; n < tree.treeStart[task + 1]; n++) {
    const last = tree.depth[n] + tree.edgeStart[n + 1] - tree.edgeStart[n] - 1;
    if (last <= deepest) continue;
    for (let i = tree.edgeStart[n + 1] - 1; i >= tree.edgeStart[n]; i--) {
      if (wanted[i] === 0) continue;
      deepest = Math.max(deepest, tree.depth[n] + i - tree.edgeStart[n]);
      break;
    }
  }
  return deepest;
}

function countDistinct(position: Int32Array, tokens: number): number {
  const seen = makeBitSet(tokens);
  for (let i = 0; i < position.length; i++) if (position[i] !== START) addBit(seen, position[i]);
  return countBits(seen);
}

/** Turns the runs of one window into requests: long ones in pieces along the path, short leaves of a fork together. */
function writeSteps(runs: RunColumns, firstRun: number, limits: ScoreLimits, steps: StepColumns): void {
  const count = runs.past.length - firstRun;
  const done = new Uint8Array(count);
  for (let r = firstRun; r < firstRun + count; r++) {
    if (done[r - firstRun] === 1) continue;
    if (isShortLeaf(runs, r, limits)) {
      const leaves: number[] = [];
      for (let s = r; s !== -1; s = runs.nextSibling.data[s]) {
        if (!isShortLeaf(runs, s, limits)) continue;
        done[s - firstRun] = 1;
        leaves.push(s);
      }
      writeLeaves(runs, leaves, limits, steps);
    } else writeLong(runs, r, limits, steps);
  }
}

function isShortLeaf(runs: RunColumns, r: number, limits: ScoreLimits): boolean {
  const length = runs.to.data[r] - runs.from.data[r];
  return runs.children.data[r] === 0 && length > 0 && length <= limits.chunk;
}

/** Longest first, so that neighbours need little padding; as many rows as chunk, batch and cache budget admit. */
function writeLeaves(runs: RunColumns, leaves: number[], limits: ScoreLimits, steps: StepColumns): void {
  const length = (r: number): number => runs.to.data[r] - runs.from.data[r];
  leaves.sort((a, b) => length(b) - length(a) || a - b);
  let at = 0;
  while (at < leaves.length) {
    const width = length(leaves[at]);
    const past = runs.past.data[leaves[at]];
    const inCache = Math.floor((limits.cacheTokens - past) / (2 * past + width));
    const rows = Math.max(1, Math.min(limits.batch, Math.floor(limits.chunk / width), inCache, leaves.length - at));
    beginStep(steps, past, 0);
    for (let i = at; i < at + rows; i++) {
      steps.padding += width - length(leaves[i]);
      writeRow(runs, leaves[i], runs.from.data[leaves[i]], runs.to.data[leaves[i]], steps);
    }
    at += rows;
  }
}

function writeLong(runs: RunColumns, r: number, limits: ScoreLimits, steps: StepColumns): void {
  const start = runs.from.data[r];
  const end = runs.to.data[r];
  for (let from = start; from < end; from += limits.chunk) {
    const to = Math.min(end, from + limits.chunk);
    beginStep(steps, runs.past.data[r] + from - start, to < end || runs.children.data[r] > 0 ? 1 : 0);
    writeRow(runs, r, from, to, steps);
  }
}

function beginStep(steps: StepColumns, past: number, keep: number): void {
  push(steps.row, steps.from.length);
  push(steps.past, past);
  push(steps.keep, keep);
}

/** Tokens [from, to) of run `r`, with the queries that belong to them: found by bisection, as queries are ascending. */
function writeRow(runs: RunColumns, r: number, from: number, to: number, steps: StepColumns): void {
  push(steps.from, from);
  push(steps.to, to);
  push(steps.query, firstQuery(runs, from, runs.query.data[r]));
  push(steps.queryEnd, firstQuery(runs, to, runs.query.data[r]));
}

/** The first query at or after forwarded token `position`. */
function firstQuery(runs: RunColumns, position: number, from: number): number {
  let low = from;
  let high = runs.queryAt.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs.queryAt.data[middle] < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
