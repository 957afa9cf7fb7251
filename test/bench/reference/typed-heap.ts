/** Best-first pruning run anew for one budget: a binary heap over typed arrays, from the roots until nothing fits. */
import { NONE } from '../../../src/core/model/kinds.ts';
import type { Forest } from '../../../src/core/model/forest.ts';

export interface HeapKeep {
  readonly kept: Uint8Array;
  readonly cost: number;
  readonly signal: number;
}

/** Stops at the first node that does not fit. */
export function pruneWithHeap(
  forest: Forest,
  importance: Float64Array,
  cost: Float64Array,
  signal: Float64Array,
  budget: number,
): HeapKeep {
  const { length, parent, subtreeEnd } = forest;
  const heap = new Int32Array(length);
  const kept = new Uint8Array(length);
  let size = 0;
  const before = (a: number, b: number): boolean => importance[a] > importance[b] || (importance[a] === importance[b] && a < b);
  const push = (node: number): void => {
    let at = size++;
    while (at > 0 && before(node, heap[(at - 1) >> 1])) {
      heap[at] = heap[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    heap[at] = node;
  };
  const pop = (): number => {
    if (size === 0) return NONE;
    const top = heap[0];
    const node = heap[--size];
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], node)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = node;
    return top;
  };
  for (let n = 0; n < length; n = subtreeEnd[n]) if (parent[n] === NONE) push(n);
  let spent = 0;
  let gained = 0;
  for (let n = pop(); n !== NONE; n = pop()) {
    if (spent + cost[n] > budget) break;
    spent += cost[n];
    gained += signal[n];
    kept[n] = 1;
    for (let c = n + 1; c < subtreeEnd[n]; c = subtreeEnd[c]) push(c);
  }
  return { kept, cost: spent, signal: gained };
}
