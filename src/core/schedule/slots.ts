/** Slots of nodes, and who waits for one: the smallest number first, whoever came when. */
import { makeIndexHeap, popIndex, pushIndex } from '../../base/heap.ts';

export interface Slots {
  /** Slots of a node can be taken, or no more. Those that are taken stay so until they are given back. */
  open(node: number): void;
  close(node: number): void;
  /** Free slots of open nodes. */
  free(): number;
  /** The first free slot of the first open node that has one: node × slots per node + slot; -1: none. */
  take(): number;
  give(slot: number): void;
}

/** @param perNode slots of each node. All nodes are closed at first. */
export function makeSlots(nodes: number, perNode: number): Slots {
  const isOpen = new Uint8Array(nodes);
  const isTaken = new Uint8Array(nodes * perNode);
  const freeOf = new Int32Array(nodes).fill(perNode);
  /** No node before it is open and has a free slot. */
  let hint = 0;
  let free = 0;
  return {
    open(node) {
      if (isOpen[node] === 1) return;
      isOpen[node] = 1;
      free += freeOf[node];
      hint = Math.min(hint, node);
    },
    close(node) {
      if (isOpen[node] === 0) return;
      isOpen[node] = 0;
      free -= freeOf[node];
    },
    free: () => free,
    take() {
      if (free === 0) return -1;
      while (isOpen[hint] === 0 || freeOf[hint] === 0) hint++;
      let slot = hint * perNode;
      while (isTaken[slot] === 1) slot++;
      isTaken[slot] = 1;
      freeOf[hint]--;
      free--;
      return slot;
    },
    give(slot) {
      const node = Math.floor(slot / perNode);
      isTaken[slot] = 0;
      freeOf[node]++;
      if (isOpen[node] === 0) return;
      free++;
      hint = Math.min(hint, node);
    },
  };
}

/** Those that wait: integers in [0, most), each at most once. */
export interface Waiting {
  add(item: number): void;
  /** The smallest, which is taken out; -1: none. */
  next(): number;
  size(): number;
}

export function makeWaiting(most: number): Waiting {
  const heap = makeIndexHeap(Float64Array.from({ length: most }, (_, i) => -i));
  return { add: (item) => pushIndex(heap, item), next: () => popIndex(heap), size: () => heap.size };
}
