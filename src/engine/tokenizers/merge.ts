/** Byte-pair merging of a long piece: the lowest-ranked adjacent pair first, until no pair is a token. */
import { makeIndexHeap, popIndex, pushIndex } from '../../base/heap.ts';

/** More than a piece has bytes, so that a rank and a position are one number below 2^53. */
const POSITIONS = 0x8000000;

/**
 * Ids of a piece of `n` bytes by a heap of candidate pairs over a linked list, O(n log n): agent logs have runs of 100,000
 * blanks.
 * @param rankAt rank (= token id) of the piece's bytes [from, to), or -1
 */
export function mergeLong(n: number, rankAt: (from: number, to: number) => number): Int32Array {
  const next = new Int32Array(n + 1);
  const before = new Int32Array(n + 1);
  // A part is named by its first byte; `next` of a part is the first byte of the part behind it.
  for (let i = 0; i <= n; i++) {
    next[i] = i + 1;
    before[i] = i - 1;
  }
  const alive = new Uint8Array(n + 1).fill(1);
  // Every merge offers at most two pairs anew, so all entries ever made are fewer than three a byte.
  const key = new Float64Array(3 * n);
  const ends = new Int32Array(3 * n);
  const heap = makeIndexHeap(key);
  let entries = 0;
  const offer = (at: number): void => {
    const middle = next[at]!;
    if (middle >= n) return;
    const end = next[middle]!;
    const rank = rankAt(at, end);
    if (rank < 0) return;
    // The lowest rank comes first, the leftmost of equals; the end says later whether the pair is still that one.
    key[entries] = -(rank * POSITIONS + at);
    ends[entries] = end;
    pushIndex(heap, entries++);
  };
  for (let i = 0; i + 1 < n; i++) offer(i);
  for (let entry = popIndex(heap); entry >= 0; entry = popIndex(heap)) {
    const at = -key[entry]! % POSITIONS;
    const middle = next[at]!;
    const end = ends[entry]!;
    if (alive[at] === 0 || middle >= n || next[middle] !== end) continue;
    alive[middle] = 0;
    next[at] = end;
    before[end] = at;
    offer(at);
    if (at > 0) offer(before[at]!);
  }
  const ids: number[] = [];
  for (let at = 0; at < n; at = next[at]!) ids.push(rankAt(at, next[at]!));
  return Int32Array.from(ids);
}
