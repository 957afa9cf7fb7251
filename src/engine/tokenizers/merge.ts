/** Byte-pair merging of a long piece: the lowest-ranked adjacent pair first, until no pair is a token. */

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
  // Heap entries hold rank and position; `ends` the end the pair had when pushed (stale entries are skipped).
  const heap: number[] = [];
  const ends = new Map<number, number>();
  const offer = (at: number): void => {
    const middle = next[at]!;
    if (middle >= n) return;
    const end = next[middle]!;
    const rank = rankAt(at, end);
    if (rank < 0) return;
    const entry = rank * 0x8000000 + at;
    ends.set(entry, end);
    heapPush(heap, entry);
  };
  for (let i = 0; i + 1 < n; i++) offer(i);
  while (heap.length > 0) {
    const entry = heapPop(heap);
    const at = entry % 0x8000000;
    const middle = next[at]!;
    if (alive[at] === 0 || middle >= n) continue;
    const end = next[middle]!;
    if (ends.get(entry) !== end || rankAt(at, end) !== Math.floor(entry / 0x8000000)) continue;
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

function heapPush(heap: number[], value: number): void {
  let i = heap.length;
  heap.push(value);
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (heap[up]! <= value) break;
    heap[i] = heap[up]!;
    i = up;
  }
  heap[i] = value;
}

function heapPop(heap: number[]): number {
  const top = heap[0]!;
  const last = heap.pop()!;
  const n = heap.length;
  if (n === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= n) break;
    if (child + 1 < n && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= last) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
