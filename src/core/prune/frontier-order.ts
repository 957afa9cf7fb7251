/** Orders that grow from the roots: a frontier of units whose parents are taken, and a way to choose the next one. */

import { makeIndexHeap, popIndex, pushIndex, replaceFirst } from '../../base/heap.ts';
import { NONE } from '../model/kinds.ts';
import { takenBy, type Heads } from './heads.ts';
import { makeRandom } from './seeded.ts';
import type { Units } from './units.ts';

/** Units with `part[u] === value`; they must be a whole region: with a unit, all below it or all above it. */
export interface Region {
  readonly part: Uint8Array;
  readonly value: 0 | 1;
}

/** Largest key first among the units whose parents are taken; ties: the smaller place. O(n log n). */
export function frontierOrder(units: Units, key: Float64Array, region: Region, heads: Heads | null = null): Int32Array {
  const { subtreeEnd } = units;
  const { part, value } = region;
  const heap = makeIndexHeap(key, units.place);
  const order = new Int32Array(units.length);
  let at = 0;
  pushStarts(units, region, (u) => pushIndex(heap, u));
  while (heap.size > 0) {
    const u = heap.items[0];
    order[at++] = u;
    takenBy(heads, units, u, key[u], u);
    // Its first child takes its place at once, which is half the work of taking it out and putting the child in.
    let isTaken = false;
    for (let c = u + 1; c < subtreeEnd[u]; c = subtreeEnd[c]) {
      if (part[c] !== value) continue;
      if (isTaken) pushIndex(heap, c);
      else replaceFirst(heap, c);
      isTaken = true;
    }
    if (!isTaken) popIndex(heap);
  }
  return order.slice(0, at);
}

/** Each step takes one unit of the frontier, all of them equally likely; tasks begin in the order of `rank`. O(n log n). */
export function randomOrder(units: Units, rank: Int32Array, seed: number, region: Region): Int32Array {
  const random = makeRandom(seed);
  const frontier = new Int32Array(units.length);
  const order = new Int32Array(units.length);
  let size = 0;
  let at = 0;
  pushStarts(units, region, (u) => {
    frontier[size++] = u;
  });
  frontier.subarray(0, size).sort((a, b) => rank[units.task[a]] - rank[units.task[b]] || a - b);
  while (size > 0) {
    const pick = Math.floor(random() * size);
    const u = frontier[pick];
    frontier[pick] = frontier[--size];
    order[at++] = u;
    for (let c = u + 1; c < units.subtreeEnd[u]; c = units.subtreeEnd[c]) {
      if (region.part[c] === region.value) frontier[size++] = c;
    }
  }
  return order.slice(0, at);
}

function pushStarts(units: Units, region: Region, push: (u: number) => void): void {
  for (let u = 0; u < units.length; u++) {
    if (region.part[u] !== region.value) continue;
    const p = units.parent[u];
    if (p === NONE || region.part[p] !== region.value) push(u);
  }
}
