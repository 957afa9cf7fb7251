/**
 * Skip pointers for drawing: children in drawing order, and heavy paths, so that a walk can leave out everything that
 * covers no pixel.
 *
 * A heavy path goes from a node to its tallest child and on to a leaf. Along it x only grows and the band only
 * shrinks, so "the first node beyond this pixel" and "the last node that still covers these rows" are binary searches,
 * however deep the tree is.
 */
import { NONE } from '../model/kinds.ts';
import type { Layout, LayoutTree } from './layout-tree.ts';

export interface Spine {
  readonly layout: Layout;
  /** Children of n, top to bottom: children[childStart[n] .. childStart[n + 1]); the roots stand at n = length. */
  readonly childStart: Int32Array;
  readonly children: Int32Array;
  /** node -> position on its heavy path */
  readonly position: Int32Array;
  /** position -> node; a heavy path is contiguous */
  readonly node: Int32Array;
  /** position -> end of its heavy path, exclusive */
  readonly pathEnd: Int32Array;
}

/** Linear in nodes (plus sorting of siblings where the drawing order is not the row order); 24 bytes per node. */
export function makeSpine(tree: LayoutTree, layout: Layout): Spine {
  const { childStart, children } = listChildren(tree, layout);
  const { length, reachCount } = tree;
  const position = new Int32Array(length);
  const node = new Int32Array(length);
  const pathEnd = new Int32Array(length);
  const heavy = new Int32Array(length).fill(NONE);
  for (let n = 0; n < length; n++) {
    for (let c = childStart[n]; c < childStart[n + 1]; c++) {
      const child = children[c];
      if (heavy[n] === NONE || reachCount[child] > reachCount[heavy[n]]) heavy[n] = child;
    }
  }
  let next = 0;
  for (let n = 0; n < length; n++) {
    const above = tree.parent[n];
    if (above !== NONE && heavy[above] === n) continue; // stands on its parent's path already
    const start = next;
    for (let on = n; on !== NONE; on = heavy[on]) {
      position[on] = next;
      node[next++] = on;
    }
    pathEnd.fill(next, start, next);
  }
  return { layout, childStart, children, position, node, pathEnd };
}

function listChildren(tree: LayoutTree, layout: Layout): Pick<Spine, 'childStart' | 'children'> {
  const { length, parent } = tree;
  const childStart = new Int32Array(length + 2);
  for (let n = 0; n < length; n++) childStart[(parent[n] === NONE ? length : parent[n]) + 1]++;
  for (let n = 0; n <= length; n++) childStart[n + 1] += childStart[n];
  const children = new Int32Array(length);
  const free = childStart.slice();
  for (let n = 0; n < length; n++) children[free[parent[n] === NONE ? length : parent[n]]++] = n;
  if (layout.order !== 'arrival') {
    const topDown = (a: number, b: number): number => layout.y0[a] - layout.y0[b];
    for (let n = 0; n <= length; n++) {
      if (childStart[n + 1] - childStart[n] > 1) children.subarray(childStart[n], childStart[n + 1]).sort(topDown);
    }
  }
  return { childStart, children };
}

/** The child of `n` (n = length: the root) whose band holds y, or NONE. */
export function childAt(spine: Spine, n: number, y: number): number {
  const { children, childStart, layout } = spine;
  let low = childStart[n];
  let high = childStart[n + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (layout.y0[children[middle]] <= y) low = middle + 1;
    else high = middle;
  }
  if (low === childStart[n]) return NONE;
  const child = children[low - 1];
  return y < layout.y1[child] ? child : NONE;
}

/** A trajectory by its last node, and its place among those that end there, from 0. */
export interface RowEnd {
  readonly node: number;
  readonly nth: number;
}

/** Where the trajectory of a row (its number from the top, in drawing order) ends; null where there is none. */
export function rowEnd(spine: Spine, row: number): RowEnd | null {
  const { children, childStart, layout } = spine;
  let node = NONE;
  for (let on = childAt(spine, layout.length, row); on !== NONE; on = childAt(spine, on, row)) node = on;
  if (node === NONE) return null;
  // Those that go on stand above those that end.
  const last = childStart[node + 1] > childStart[node] ? children[childStart[node + 1] - 1] : NONE;
  return { node, nth: row - (last === NONE ? layout.y0[node] : layout.y1[last]) };
}

/** The node whose rectangle holds the point (tokens, trajectories), or NONE. Logarithmic on every heavy path. */
export function hitTest(spine: Spine, x: number, y: number): number {
  const { layout, node, position, pathEnd } = spine;
  if (x < 0) return NONE;
  let n = childAt(spine, layout.length, y);
  while (n !== NONE) {
    // The first node on the path that ends beyond x, as long as y is still inside.
    let low = position[n];
    let high = pathEnd[low];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const on = node[middle];
      if (layout.x1[on] <= x && layout.y0[on] <= y && y < layout.y1[on]) low = middle + 1;
      else high = middle;
    }
    if (low < pathEnd[position[n]]) {
      const on = node[low];
      if (layout.y0[on] <= y && y < layout.y1[on]) return on;
    }
    n = low === position[n] ? NONE : childAt(spine, node[low - 1], y);
  }
  return NONE;
}
