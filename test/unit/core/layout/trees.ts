/** Trees for layout tests: drawn from text, or random from a seed. */
import type { LayoutTree } from '../../../../src/core/layout/layout-tree.ts';

/**
 * One row per trajectory, one word per node, the tokens of a node as a number after a colon (default 1). Rows that
 * begin with the same words share these nodes.
 */
export function treeFromRows(text: string): LayoutTree & { readonly names: readonly string[] } {
  const rows = text
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const parent: number[] = [];
  const depth: number[] = [];
  const tokens: number[] = [];
  const reachCount: number[] = [];
  const names: string[] = [];
  let previous: { word: string; node: number }[] = [];
  for (const words of rows) {
    const path: { word: string; node: number }[] = [];
    let shared = true;
    for (const [level, word] of words.entries()) {
      shared &&= previous[level]?.word === word;
      const above = path.at(-1)?.node ?? -1;
      let node = previous[level]?.node ?? -1;
      if (!shared) {
        node = parent.length;
        const [name, size] = word.split(':');
        parent.push(above);
        depth.push(above < 0 ? 0 : depth[above] + tokens[above]);
        tokens.push(Number(size ?? 1));
        reachCount.push(0);
        names.push(name);
      }
      reachCount[node]++;
      path.push({ word, node });
    }
    previous = path;
  }
  return { ...fromParents(parent, tokens, reachCount, rows.length), names };
}

/** Completes `parent`, `tokens` and `reachCount` (rows in pre-order) to a tree. */
export function fromParents(
  parent: ArrayLike<number>,
  tokens: ArrayLike<number>,
  reachCount: ArrayLike<number>,
  trajectories: number,
): LayoutTree {
  const length = parent.length;
  const depth = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  for (let n = 0; n < length; n++) depth[n] = parent[n] < 0 ? 0 : depth[parent[n]] + tokens[parent[n]];
  for (let n = length - 1; n >= 0; n--) {
    if (subtreeEnd[n] === 0) subtreeEnd[n] = n + 1;
    if (parent[n] >= 0 && subtreeEnd[parent[n]] === 0) subtreeEnd[parent[n]] = subtreeEnd[n];
  }
  return {
    length,
    trajectories,
    parent: Int32Array.from(parent),
    subtreeEnd,
    depth,
    tokens: Int32Array.from(tokens),
    reachCount: Int32Array.from(reachCount),
  };
}

/** A seeded generator of numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a random tree looks like: chance that a node goes on with all its trajectories, and how long nodes are. */
export interface Shape {
  readonly trajectories: number;
  readonly nodes: number;
  /** Chance of a single child. */
  readonly chain: number;
  /** Chance that a trajectory ends at a node rather than below it. */
  readonly ends: number;
  readonly longest: number;
}

/** A random tree in pre-order with about `shape.nodes` nodes; several roots are possible. */
export function randomTree(seed: number, shape: Shape): LayoutTree {
  const random = randomFrom(seed);
  const parent: number[] = [];
  const tokens: number[] = [];
  const reachCount: number[] = [];
  const todo: { above: number; reach: number }[] = [];
  for (const reach of split(shape.trajectories, random() < 0.8 ? 1 : 2)) todo.push({ above: -1, reach });
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { above, reach } = next;
    const node = parent.length;
    parent.push(above);
    tokens.push(1 + Math.floor(random() * shape.longest));
    reachCount.push(reach);
    if (node + todo.length >= shape.nodes) continue;
    let left = reach;
    for (let t = 0; t < Math.min(reach, 4); t++) if (random() < shape.ends) left--;
    if (left <= 0) continue;
    for (const part of split(left, random() < shape.chain ? 1 : 2 + Math.floor(random() * 3))) todo.push({ above: node, reach: part });
  }
  return fromParents(parent, tokens, reachCount, shape.trajectories);

  function split(whole: number, parts: number): number[] {
    const shares: number[] = [];
    let left = whole;
    for (let i = parts; i > 1 && left > 1; i--) {
      const share = 1 + Math.floor(random() * (left - 1));
      shares.push(share);
      left -= share;
    }
    shares.push(left);
    return shares;
  }
}

/** The oracle of every hit: the one node whose rectangle holds the point, by looking at all of them. */
export function scanForHit(
  layout: { length: number; x0: Int32Array; x1: Int32Array; y0: Int32Array; y1: Int32Array },
  x: number,
  y: number,
): number {
  for (let n = 0; n < layout.length; n++) {
    if (layout.x0[n] <= x && x < layout.x1[n] && layout.y0[n] <= y && y < layout.y1[n]) return n;
  }
  return -1;
}
