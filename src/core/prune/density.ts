/**
 * The tree knapsack's nested optimum: nodes in blocks of falling signal per cost, such that every prefix of whole
 * blocks holds the most signal that any parent-closed set of its cost can hold.
 *
 * Source of the idea: Sidney's decomposition and Horn's algorithm for jobs under tree precedence (1975, 1972); here a
 * block absorbs the densest block below it for as long as that block is denser than itself.
 */

import { makePairingHeaps, meldHeaps, popHeap } from '../../base/heap.ts';
import { NONE } from '../model/kinds.ts';

/** Rows of a forest in which every parent has a smaller number than its children. */
export interface WeightedTree {
  readonly length: number;
  readonly parent: Int32Array;
  /** ≥ 0 */
  readonly cost: Float64Array;
  /** ≥ 0 */
  readonly signal: Float64Array;
  /** row -> 1: left out; its children then count as roots. Must be closed under parents. */
  readonly skip?: Uint8Array;
  /**
   * row -> 1: worth nothing without a row below it that has `belowEnd`, so it absorbs such a block at once: the densest, or
   * the one with which it is densest itself
   */
  readonly open?: Uint8Array;
  readonly belowEnd?: Uint8Array;
  readonly closing?: 'densest' | 'together';
  /** row -> which of two equals comes first: the smaller; absent: the row */
  readonly place?: Int32Array;
}

export interface DensityOrder {
  /** Rows, parents first, block after block; within a block in the order in which they were merged. */
  readonly order: Int32Array;
  /** block -> position of its first row; blocks + 1 entries */
  readonly blockStart: Int32Array;
  /** row -> signal per cost of its block, where it is the top row of one */
  readonly density: Float64Array;
}

/** O(n log n), no recursion. Equal densities stay apart, in the order of their top rows' places. */
export function densityOrder(tree: WeightedTree): DensityOrder {
  const { length, parent, skip, open, belowEnd } = tree;
  const cost = tree.cost.slice();
  const signal = tree.signal.slice();
  const density = new Float64Array(length);
  const heaps = makePairingHeaps(density, tree.place ?? null);
  // row -> heap of the finished blocks that hang below its block
  const below = new Int32Array(length).fill(NONE);
  // A block is a chain of rows that starts at its top row.
  const next = new Int32Array(length).fill(NONE);
  const last = new Int32Array(length);
  let roots = NONE;

  const absorb = (block: number, other: number): void => {
    next[last[block]] = other;
    last[block] = last[other];
    cost[block] += cost[other];
    signal[block] += signal[other];
    below[block] = meldHeaps(heaps, below[block], below[other]);
  };

  for (let u = length - 1; u >= 0; u--) {
    if (skip?.[u] === 1) {
      roots = meldHeaps(heaps, roots, below[u]);
      continue;
    }
    last[u] = u;
    if (open?.[u] === 1) {
      // Nothing is absorbed yet, so these are the blocks of its own children.
      let aside = NONE;
      let closer = NONE;
      let best = -1;
      while (below[u] !== NONE) {
        const other = below[u];
        below[u] = popHeap(heaps, other);
        const dense = densityOf(signal[u] + signal[other], cost[u] + cost[other]);
        if ((belowEnd === undefined || belowEnd[other] === 1) && dense > best) {
          if (closer !== NONE) aside = meldHeaps(heaps, aside, closer);
          closer = other;
          best = dense;
          if (tree.closing !== 'together') break;
        } else aside = meldHeaps(heaps, aside, other);
      }
      below[u] = meldHeaps(heaps, below[u], aside);
      if (closer !== NONE) absorb(u, closer);
    }
    let dense = densityOf(signal[u], cost[u]);
    while (below[u] !== NONE && density[below[u]] > dense) {
      const other = below[u];
      below[u] = popHeap(heaps, other);
      absorb(u, other);
      dense = densityOf(signal[u], cost[u]);
    }
    density[u] = dense;
    if (parent[u] === NONE) roots = meldHeaps(heaps, roots, u);
    else below[parent[u]] = meldHeaps(heaps, below[parent[u]], u);
  }

  // No block is denser than the one above it now, so the densest block at hand comes next.
  const order = new Int32Array(length);
  const blockStart = new Int32Array(length + 1);
  let blocks = 0;
  let at = 0;
  while (roots !== NONE) {
    const block = roots;
    roots = meldHeaps(heaps, popHeap(heaps, block), below[block]);
    blockStart[blocks++] = at;
    for (let u = block; u !== NONE; u = next[u]) order[at++] = u;
  }
  blockStart[blocks] = at;
  return { order: order.slice(0, at), blockStart: blockStart.slice(0, blocks + 1), density };
}

/** What costs nothing is taken first, whatever it is worth. */
function densityOf(signal: number, cost: number): number {
  return cost > 0 ? signal / cost : Infinity;
}
