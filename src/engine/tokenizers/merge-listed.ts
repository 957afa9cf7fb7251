/** Byte-pair merging of a long piece by a list of pairs: the earliest pair of the list first, the leftmost of equals. */
import { makeIndexHeap, popIndex, pushIndex } from '../../base/heap.ts';

/** More than a piece has parts, so that an order and a position are one number below 2^53. */
const POSITIONS = 0x8000000;

export interface ListedPair {
  readonly order: number;
  readonly made: number;
}

/**
 * Ids of a piece whose bytes are the tokens `parts`, by a heap of candidate pairs over a linked list, O(n log n). Overwrites `parts`.
 * @param pairOf the pair of two tokens, or null where they do not merge
 */
export function mergeLongListed(parts: Int32Array, pairOf: (left: number, right: number) => ListedPair | null): Int32Array {
  const n = parts.length;
  const next = Int32Array.from(parts, (_, i) => i + 1);
  const before = Int32Array.from(parts, (_, i) => i - 1);
  const alive = new Uint8Array(n).fill(1);
  // Every merge offers at most two pairs anew, so all entries ever made are fewer than three a byte.
  const key = new Float64Array(3 * n);
  const lefts = new Int32Array(3 * n);
  const rights = new Int32Array(3 * n);
  const heap = makeIndexHeap(key);
  let entries = 0;
  const offer = (at: number): void => {
    const behind = next[at]!;
    if (behind >= n) return;
    const pair = pairOf(parts[at]!, parts[behind]!);
    if (pair === null) return;
    key[entries] = -(pair.order * POSITIONS + at);
    lefts[entries] = parts[at]!;
    rights[entries] = parts[behind]!;
    pushIndex(heap, entries++);
  };
  for (let i = 0; i + 1 < n; i++) offer(i);
  for (let entry = popIndex(heap); entry >= 0; entry = popIndex(heap)) {
    const at = -key[entry]! % POSITIONS;
    const behind = next[at]!;
    if (alive[at] === 0 || behind >= n || parts[at] !== lefts[entry] || parts[behind] !== rights[entry]) continue;
    parts[at] = pairOf(parts[at]!, parts[behind]!)!.made;
    alive[behind] = 0;
    const after = next[behind]!;
    next[at] = after;
    if (after < n) before[after] = at;
    offer(at);
    if (at > 0) offer(before[at]!);
  }
  const ids: number[] = [];
  for (let at = 0; at < n; at = next[at]!) ids.push(parts[at]!);
  return Int32Array.from(ids);
}
