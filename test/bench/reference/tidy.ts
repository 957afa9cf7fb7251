/**
 * The tidy tree layout over columns, in linear time: Buchheim, Jünger and Leipert, "Improving Walker's algorithm to run
 * in linear time" (2002). Same drawing as d3-hierarchy's `tree`, without an object for each node.
 */
import { NONE } from '../../../src/core/model/kinds.ts';
import type { LayoutTree } from '../../../src/core/layout/layout-tree.ts';

/** One row per node; the unit is the distance between two siblings. */
export interface TidyLayout {
  /** node -> position across the levels, 0 at the outermost node */
  readonly across: Float64Array;
  /** node -> nodes above it */
  readonly level: Int32Array;
  /** Largest `across`. */
  readonly breadth: number;
  readonly levels: number;
}

/** Least distances: between siblings, and between neighbours with different parents. */
export interface Separation {
  readonly siblings: number;
  readonly cousins: number;
}

/** Working columns. Row `length` stands for the parent of all roots. */
interface Walk {
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly lastChild: Int32Array;
  readonly before: Int32Array;
  readonly index: Int32Array;
  /** Position relative to the parent. */
  readonly offset: Float64Array;
  /** What all descendants have yet to be moved by. */
  readonly carry: Float64Array;
  readonly change: Float64Array;
  readonly shift: Float64Array;
  /** Next node on the contour, where a subtree is shorter than its neighbour. */
  readonly thread: Int32Array;
  readonly ancestor: Int32Array;
  readonly separation: Separation;
}

/** Siblings in row order, each parent centred over its first and last child, subtrees as close as they can be. */
export function tidy(tree: LayoutTree, separation: Separation = { siblings: 1, cousins: 2 }): TidyLayout {
  const { length, subtreeEnd } = tree;
  const walk = prepare(tree, separation);
  const { parent, offset, carry } = walk;
  // `leading` is, for each parent, the left sibling that later conflicts are charged to.
  const leading = new Int32Array(length + 1).fill(NONE);
  const finish = (n: number): void => {
    place(walk, n);
    const above = parent[n];
    leading[above] = separate(walk, n, leading[above] === NONE ? walk.firstChild[above] : leading[above]);
  };
  // Post-order without a stack: a node is finished with the last row of its subtree.
  for (let n = 0; n < length; n++) {
    if (subtreeEnd[n] > n + 1) continue;
    finish(n);
    for (let above = parent[n]; above !== length && subtreeEnd[above] === n + 1; above = parent[above]) finish(above);
  }
  if (length > 0) place(walk, length);

  const across = new Float64Array(length);
  const level = new Int32Array(length);
  let low = Infinity;
  let high = -Infinity;
  let levels = 0;
  for (let n = 0; n < length; n++) {
    const above = parent[n];
    across[n] = offset[n] + carry[above];
    carry[n] += carry[above];
    level[n] = above === length ? 0 : level[above] + 1;
    if (across[n] < low) low = across[n];
    if (across[n] > high) high = across[n];
    if (level[n] >= levels) levels = level[n] + 1;
  }
  for (let n = 0; n < length; n++) across[n] -= low;
  return { across, level, breadth: length === 0 ? 0 : high - low, levels };
}

function prepare(tree: LayoutTree, separation: Separation): Walk {
  const rows = tree.length + 1;
  const column = (): Int32Array => new Int32Array(rows).fill(NONE);
  const parent = column();
  const firstChild = column();
  const lastChild = column();
  const before = column();
  const index = new Int32Array(rows);
  const ancestor = new Int32Array(rows);
  for (let n = 0; n < tree.length; n++) {
    const above = tree.parent[n] === NONE ? tree.length : tree.parent[n];
    parent[n] = above;
    ancestor[n] = n;
    if (firstChild[above] === NONE) firstChild[above] = n;
    before[n] = lastChild[above];
    if (before[n] !== NONE) index[n] = index[before[n]] + 1;
    lastChild[above] = n;
  }
  const numbers = (): Float64Array => new Float64Array(rows);
  return {
    parent,
    firstChild,
    lastChild,
    before,
    index,
    offset: numbers(),
    carry: numbers(),
    change: numbers(),
    shift: numbers(),
    thread: column(),
    ancestor,
    separation,
  };
}

/** Spreads the children by what was decided while they were separated, and puts n over their middle, beside its left sibling. */
function place(walk: Walk, n: number): void {
  const { firstChild, lastChild, before, offset, carry, shift, change, separation } = walk;
  const left = before[n];
  if (firstChild[n] === NONE) {
    if (left !== NONE) offset[n] = offset[left] + separation.siblings;
    return;
  }
  let moved = 0;
  let growth = 0;
  for (let child = lastChild[n]; child !== NONE; child = before[child]) {
    offset[child] += moved;
    carry[child] += moved;
    growth += change[child];
    moved += shift[child] + growth;
  }
  const middle = (offset[firstChild[n]] + offset[lastChild[n]]) / 2;
  if (left === NONE) offset[n] = middle;
  else {
    offset[n] = offset[left] + separation.siblings;
    carry[n] = offset[n] - middle;
  }
}

/**
 * Walks down the right contour of the forest left of n and the left contour of n together, and moves n's subtree away
 * wherever they come too close. Returns the sibling to charge the next conflicts to.
 */
function separate(walk: Walk, n: number, leading: number): number {
  const { parent, firstChild, before, index, offset, carry, change, shift, thread, ancestor, separation } = walk;
  const left = before[n];
  if (left === NONE) return leading;
  let insideLeft = left;
  let insideRight = n;
  let outsideLeft = firstChild[parent[n]];
  let outsideRight = n;
  let sumInsideLeft = carry[insideLeft];
  let sumInsideRight = carry[insideRight];
  let sumOutsideLeft = carry[outsideLeft];
  let sumOutsideRight = carry[outsideRight];
  let nextLeft = below(walk, insideLeft, walk.lastChild);
  let nextRight = below(walk, insideRight, firstChild);
  while (nextLeft !== NONE && nextRight !== NONE) {
    insideLeft = nextLeft;
    insideRight = nextRight;
    outsideLeft = below(walk, outsideLeft, firstChild);
    outsideRight = below(walk, outsideRight, walk.lastChild);
    ancestor[outsideRight] = n;
    const apart = parent[insideLeft] === parent[insideRight] ? separation.siblings : separation.cousins;
    const push = offset[insideLeft] + sumInsideLeft - offset[insideRight] - sumInsideRight + apart;
    if (push > 0) {
      const charged = parent[ancestor[insideLeft]] === parent[n] ? ancestor[insideLeft] : leading;
      const share = push / (index[n] - index[charged]);
      change[n] -= share;
      shift[n] += push;
      change[charged] += share;
      offset[n] += push;
      carry[n] += push;
      sumInsideRight += push;
      sumOutsideRight += push;
    }
    sumInsideLeft += carry[insideLeft];
    sumInsideRight += carry[insideRight];
    sumOutsideLeft += carry[outsideLeft];
    sumOutsideRight += carry[outsideRight];
    nextLeft = below(walk, insideLeft, walk.lastChild);
    nextRight = below(walk, insideRight, firstChild);
  }
  if (nextLeft !== NONE && below(walk, outsideRight, walk.lastChild) === NONE) {
    thread[outsideRight] = nextLeft;
    carry[outsideRight] += sumInsideLeft - sumOutsideRight;
  }
  if (nextRight !== NONE && below(walk, outsideLeft, firstChild) === NONE) {
    thread[outsideLeft] = nextRight;
    carry[outsideLeft] += sumInsideRight - sumOutsideLeft;
    return n;
  }
  return leading;
}

/** The next node down a contour: an outermost child, or the thread. */
function below(walk: Walk, n: number, child: Int32Array): number {
  return child[n] === NONE ? walk.thread[n] : child[n];
}
