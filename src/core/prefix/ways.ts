/**
 * What a trainer computes of the records of a task in three ways: each record written out; the prompt that a group shares once
 * (PrefixGrouper); every distinct token once (tree attention). Counts are whole numbers, exact below 2^53.
 */
import { NONE } from '../model/kinds.ts';
import type { RecordTree } from './record-tree.ts';

/** In the order in which they share more. */
export const WAYS = ['flat', 'grouper', 'tree'] as const;
export type Way = (typeof WAYS)[number];

export interface WayCounts {
  /** Tokens that are computed, forward and backward. */
  readonly tokens: number;
  /** Keys that they attend to: a token sees itself and all before it on its path, its depth + 1. */
  readonly keys: number;
  /** Those of the tokens that a loss depends on, and their keys. The others' backward could be left out. */
  readonly backTokens: number;
  readonly backKeys: number;
  /** Pairs of query and key in the blocks that a kernel computes whole. */
  readonly blockKeys: number;
}

export type WayTable = Readonly<Record<Way, WayCounts>>;

/** @param block tokens of a block of the attention kernel, queries and keys alike */
export function countWays(tree: RecordTree, block: number): WayTable {
  return { flat: countFlat(tree, block), grouper: countGrouped(tree, block), tree: countTree(tree, block) };
}

export const NO_COUNTS: WayCounts = { tokens: 0, keys: 0, backTokens: 0, backKeys: 0, blockKeys: 0 };

export function addCounts(a: WayCounts, b: WayCounts): WayCounts {
  return {
    tokens: a.tokens + b.tokens,
    keys: a.keys + b.keys,
    backTokens: a.backTokens + b.backTokens,
    backKeys: a.backKeys + b.backKeys,
    blockKeys: a.blockKeys + b.blockKeys,
  };
}

/** Keys of the tokens at positions [from, to): each sees itself and all before it. */
export function keysBetween(from: number, to: number): number {
  // One of the factors is even: neither product is larger than the sum.
  const [count, ends] = [to - from, to + from + 1];
  return count % 2 === 0 ? (count / 2) * ends : count * (ends / 2);
}

function countFlat({ tokens, recordBack }: RecordTree, block: number): WayCounts {
  const sum = { ...NO_COUNTS };
  for (let r = 0; r < tokens.length; r++) {
    sum.tokens += tokens[r];
    sum.keys += keysBetween(0, tokens[r]);
    sum.backTokens += recordBack[r];
    sum.backKeys += keysBetween(0, recordBack[r]);
    sum.blockKeys += keysBetween(0, Math.ceil(tokens[r] / block)) * block * block;
  }
  return sum;
}

function countTree({ length, parent, depth, tokenStart, back }: RecordTree, block: number): WayCounts {
  const sum = { ...NO_COUNTS, blockKeys: blocksOf(parent, tokenStart, block) * block * block };
  for (let s = 0; s < length; s++) {
    const tokens = tokenStart[s + 1] - tokenStart[s];
    sum.tokens += tokens;
    sum.keys += keysBetween(depth[s], depth[s] + tokens);
    sum.backTokens += back[s];
    sum.backKeys += keysBetween(depth[s], depth[s] + back[s]);
  }
  return sum;
}

/** A group of records that begin alike, and the tokens of the prompt that they share: none of them trains it. */
export interface PrefixGroup {
  readonly members: readonly number[];
  readonly prefix: number;
}

/** One group for each first token: what the file `prefix-grouper` holds (`core/export/common-prompt`). */
export function prefixGroups({ length, parent, depth, tokenStart, reach, end, tokens, firstTrained }: RecordTree): PrefixGroup[] {
  const root = new Int32Array(length);
  for (let s = 0; s < length; s++) root[s] = parent[s] === NONE ? s : root[parent[s]];
  /** root -> tokens that all its records share */
  const shared = new Int32Array(length);
  for (let s = 0; s < length; s++)
    if (reach[s] === reach[root[s]]) shared[root[s]] = Math.max(shared[root[s]], depth[s] + tokenStart[s + 1] - tokenStart[s]);
  const groups = new Map<number, number[]>();
  for (let r = 0; r < end.length; r++) {
    const members = groups.get(root[end[r]]) ?? [];
    groups.set(root[end[r]], members);
    members.push(r);
  }
  return Array.from(groups, ([s, members]) => ({
    members,
    prefix: members.reduce((least, r) => Math.min(least, firstTrained[r], tokens[r]), shared[s]),
  }));
}

function countGrouped(tree: RecordTree, block: number): WayCounts {
  const { tokens, recordBack } = tree;
  const sum = { ...NO_COUNTS };
  for (const { members, prefix } of prefixGroups(tree)) {
    const needed = members.reduce((most, r) => Math.max(most, Math.min(prefix, recordBack[r])), 0);
    sum.tokens += prefix;
    sum.keys += keysBetween(0, prefix);
    sum.backTokens += needed;
    sum.backKeys += keysBetween(0, needed);
    for (const r of members) {
      const back = Math.max(prefix, recordBack[r]);
      sum.tokens += tokens[r] - prefix;
      sum.keys += keysBetween(prefix, tokens[r]);
      sum.backTokens += back - prefix;
      sum.backKeys += keysBetween(prefix, back);
    }
    // The prompt, and behind it the rest of one record after the other.
    const starts = [0, prefix];
    for (const r of members) starts.push((starts.at(-1) ?? 0) + tokens[r] - prefix);
    const parents = Int32Array.from({ length: members.length + 1 }, (_, s) => (s === 0 ? NONE : 0));
    // Written out, a group may be longer than 2^31 tokens.
    sum.blockKeys += blocksOf(parents, Float64Array.from(starts), block) * block * block;
  }
  return sum;
}

/**
 * Pairs of a block of queries and a block of keys of which some query sees some key, where the segments stand one behind the other in
 * depth-first order. All that a block's tokens see stands in it or above its first token. O(segments + blocks).
 * @param tokenStart segments may be empty where nothing hangs from them
 */
function blocksOf(parent: Int32Array, tokenStart: Int32Array | Float64Array, block: number): number {
  const { length } = parent;
  const blockOf = (token: number): number => Math.floor(token / block);
  /** segment -> blocks that hold it or what is above it */
  const above = new Int32Array(length);
  let pairs = 0;
  let query = 0;
  for (let s = 0; s < length; s++) {
    const [from, to] = [tokenStart[s], tokenStart[s + 1]];
    const p = parent[s];
    const isJoined = p !== NONE && tokenStart[p + 1] > tokenStart[p] && blockOf(tokenStart[p + 1] - 1) === blockOf(from);
    const before = p === NONE ? 0 : above[p];
    above[s] = to === from ? before : before + blockOf(to - 1) - blockOf(from) + (isJoined ? 0 : 1);
    for (; query * block < to; query++) {
      const start = query * block;
      const own = start === from ? 0 : blockOf(start - 1) - blockOf(from) + (isJoined ? 0 : 1);
      pairs += before + own + 1;
    }
  }
  return pairs;
}
