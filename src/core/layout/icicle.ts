/** The icicle layout: depth in tokens across, trajectories down, in one pass over a tree in pre-order. */
import { NONE } from '../model/kinds.ts';
import type { Layout, LayoutTree, SiblingOrder } from './layout-tree.ts';

/** Places every node; see `Layout` for units. Linear in nodes, plus sorting of siblings for `left-heavy`. */
export function icicle(tree: LayoutTree, order: SiblingOrder = 'arrival'): Layout {
  const { length, depth, tokens } = tree;
  const x1 = new Int32Array(length);
  const y0 = new Int32Array(length);
  const y1 = new Int32Array(length);
  let width = 0;
  for (let n = 0; n < length; n++) {
    const end = depth[n] + tokens[n];
    x1[n] = end;
    if (end > width) width = end;
  }
  if (order === 'arrival') stack(tree, y0, y1);
  else stackHeaviestFirst(tree, y0, y1);
  let height = tree.trajectories;
  for (let n = 0; n < length; n = tree.subtreeEnd[n]) if (y1[n] > height) height = y1[n];
  return { length, order, x0: depth, x1, y0, y1, width, height };
}

/** Parents come before children, so the top of what is still free in a band can live in the parent's own y1. */
function stack(tree: LayoutTree, y0: Int32Array, y1: Int32Array): void {
  const { parent, reachCount, length } = tree;
  let free = 0;
  for (let n = 0; n < length; n++) {
    const above = parent[n];
    const top = above === NONE ? free : y1[above];
    if (above === NONE) free = top + reachCount[n];
    else y1[above] = top + reachCount[n];
    y0[n] = top;
    y1[n] = top;
  }
  for (let n = 0; n < length; n++) y1[n] = y0[n] + reachCount[n];
}

function stackHeaviestFirst(tree: LayoutTree, y0: Int32Array, y1: Int32Array): void {
  const { reachCount, subtreeEnd, length } = tree;
  const weight = flatTokensBelow(tree);
  const heaviestFirst = (a: number, b: number): number => weight[b] - weight[a] || a - b;
  const place = (first: number, end: number, top: number): void => {
    const siblings: number[] = [];
    for (let child = first; child < end; child = subtreeEnd[child]) siblings.push(child);
    if (siblings.length > 1) siblings.sort(heaviestFirst);
    let free = top;
    for (const child of siblings) {
      y0[child] = free;
      free += reachCount[child];
      y1[child] = free;
    }
  };
  place(0, length, 0);
  for (let n = 0; n < length; n++) {
    if (subtreeEnd[n] > n + 1) place(n + 1, subtreeEnd[n], y0[n]);
  }
}

/** node -> flat tokens of its subtree: Σ tokens × reach count over the node and all below it. */
function flatTokensBelow(tree: LayoutTree): Float64Array {
  const weight = new Float64Array(tree.length);
  for (let n = tree.length - 1; n >= 0; n--) {
    weight[n] += tree.tokens[n] * tree.reachCount[n];
    const above = tree.parent[n];
    if (above !== NONE) weight[above] += weight[n];
  }
  return weight;
}
