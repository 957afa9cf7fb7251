/**
 * Two heaps over integers whose keys lie in a column: one heap to pop from, and many mergeable heaps at once.
 * In both, the largest key comes first; the smaller `tie` wins a tie, by default the smaller integer, so that an order
 * never depends on the order of arrival.
 */

const NONE = -1;

/**
 * A heap of distinct integers in [0, key.length), four below each. The keys of its items stand beside them, since looking them up
 * in a long column would take most of the time. `key` may not change while an item is inside.
 */
export interface IndexHeap {
  readonly key: Float64Array;
  readonly tie: Int32Array | null;
  readonly items: Int32Array;
  /** Parallel to `items`. */
  readonly itemKeys: Float64Array;
  size: number;
}

/** An empty heap with room for every index of `key`. */
export function makeIndexHeap(key: Float64Array, tie: Int32Array | null = null): IndexHeap {
  return { key, tie, items: new Int32Array(key.length), itemKeys: new Float64Array(key.length), size: 0 };
}

/** Adds `item`, in O(log size). */
export function pushIndex(heap: IndexHeap, item: number): void {
  const { items, itemKeys, tie } = heap;
  const key = heap.key[item];
  let at = heap.size++;
  while (at > 0) {
    const up = (at - 1) >> 2;
    const above = itemKeys[up];
    if (!(key > above || (key === above && isSmaller(tie, item, items[up])))) break;
    items[at] = items[up];
    itemKeys[at] = above;
    at = up;
  }
  items[at] = item;
  itemKeys[at] = key;
}

/** Removes and returns the item with the largest key, or -1 where the heap is empty, in O(log size). */
export function popIndex(heap: IndexHeap): number {
  if (heap.size === 0) return NONE;
  const first = heap.items[0];
  const last = heap.items[--heap.size];
  if (heap.size > 0) replaceFirst(heap, last);
  return first;
}

/** Puts `item` in the place of the one with the largest key, in O(log size). */
export function replaceFirst(heap: IndexHeap, item: number): void {
  const { items, itemKeys, tie, size } = heap;
  const key = heap.key[item];
  let at = 0;
  for (;;) {
    const from = 4 * at + 1;
    if (from >= size) break;
    const to = from + 4 < size ? from + 4 : size;
    let down = from;
    let best = itemKeys[from];
    for (let i = from + 1; i < to; i++) {
      if (itemKeys[i] > best || (itemKeys[i] === best && isSmaller(tie, items[i], items[down]))) {
        down = i;
        best = itemKeys[i];
      }
    }
    if (!(best > key || (best === key && isSmaller(tie, items[down], item)))) break;
    items[at] = items[down];
    itemKeys[at] = best;
    at = down;
  }
  items[at] = item;
  itemKeys[at] = key;
}

function isSmaller(tie: Int32Array | null, a: number, b: number): boolean {
  return tie === null ? a < b : tie[a] < tie[b];
}

/**
 * Any number of disjoint pairing heaps over the integers [0, key.length). A heap is its first item, or -1 when it
 * is empty; an item that is in no heap is a heap of one. `key` may not change while an item has company.
 */
export interface PairingHeaps {
  readonly key: Float64Array;
  readonly tie: Int32Array | null;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
}

/** `key.length` heaps of one item each. */
export function makePairingHeaps(key: Float64Array, tie: Int32Array | null = null): PairingHeaps {
  return {
    key,
    tie,
    child: new Int32Array(key.length).fill(NONE),
    sibling: new Int32Array(key.length).fill(NONE),
  };
}

/** The heap that holds the items of both heaps, in O(1). */
export function meldHeaps(heaps: PairingHeaps, a: number, b: number): number {
  if (a === NONE) return b;
  if (b === NONE) return a;
  const first = comesFirst(heaps, a, b) ? a : b;
  const second = first === a ? b : a;
  heaps.sibling[second] = heaps.child[first];
  heaps.child[first] = second;
  return first;
}

/** The heap without its first item, which becomes a heap of one again; amortised O(log size). */
export function popHeap(heaps: PairingHeaps, heap: number): number {
  const { child, sibling } = heaps;
  let next = child[heap];
  child[heap] = NONE;
  // First pass: meld neighbours in pairs and chain the winners in reverse; second pass: meld the chain.
  let pairs = NONE;
  while (next !== NONE) {
    const a = next;
    const b = sibling[a];
    next = b === NONE ? NONE : sibling[b];
    sibling[a] = NONE;
    if (b !== NONE) sibling[b] = NONE;
    const pair = meldHeaps(heaps, a, b);
    sibling[pair] = pairs;
    pairs = pair;
  }
  let rest = NONE;
  while (pairs !== NONE) {
    const pair = pairs;
    pairs = sibling[pair];
    sibling[pair] = NONE;
    rest = meldHeaps(heaps, rest, pair);
  }
  return rest;
}

function comesFirst({ key, tie }: { readonly key: Float64Array; readonly tie: Int32Array | null }, a: number, b: number): boolean {
  const ka = key[a];
  const kb = key[b];
  return ka > kb || (ka === kb && isSmaller(tie, a, b));
}
