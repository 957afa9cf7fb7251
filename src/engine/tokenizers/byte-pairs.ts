/**
 * Byte-pair encoding over a ranked vocabulary: the merge engine behind o200k_base, with the vocabulary and the split
 * pattern of gpt-tokenizer. Ours because that library takes quadratic time on one long run of characters
 * (200,000 blanks: 14 s) and agent logs have such runs; ids are equal to the library's (tested).
 */
export interface BytePairs {
  encode(text: string): Int32Array;
  /** Bytes of a token as one character per byte, or undefined. */
  binary(id: number): string | undefined;
}

/** Token id -> text, or its bytes where they are not UTF-8. */
export type RankedVocabulary = readonly (string | readonly number[])[];

const CACHE_ENTRIES = 120_000;
const encoder = new TextEncoder();

/** One character per UTF-8 byte. ASCII text is its own binary form. */
export function toBinary(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) {
      const bytes = encoder.encode(text);
      let binary = '';
      for (let b = 0; b < bytes.length; b++) binary += String.fromCharCode(bytes[b]!);
      return binary;
    }
  }
  return text;
}

/** @param split a global regular expression whose matches tile any text; each match is encoded by itself */
export function makeBytePairs(vocabulary: RankedVocabulary, split: RegExp): BytePairs {
  const ranks = new Map<string, number>();
  const binaries: string[] = [];
  vocabulary.forEach((entry, id) => {
    const binary = typeof entry === 'string' ? toBinary(entry) : entry.map((byte) => String.fromCharCode(byte)).join('');
    binaries[id] = binary;
    ranks.set(binary, id);
  });
  const pattern = new RegExp(split.source, split.flags);
  let young = new Map<string, number | Int32Array>();
  let old = new Map<string, number | Int32Array>();
  let out = new Int32Array(4096);
  let length = 0;

  const push = (id: number): void => {
    if (length === out.length) {
      const larger = new Int32Array(out.length * 2);
      larger.set(out);
      out = larger;
    }
    out[length++] = id;
  };

  function piece(text: string): number | Int32Array {
    const known = young.get(text);
    if (known !== undefined) return known;
    let ids = old.get(text);
    if (ids === undefined) {
      const binary = toBinary(text);
      const whole = ranks.get(binary);
      ids = whole ?? mergePairs(binary, ranks);
    }
    if (text.length <= 64) {
      if (young.size >= CACHE_ENTRIES) {
        old = young;
        young = new Map();
      }
      young.set(text, ids);
    }
    return ids;
  }

  return {
    binary: (id) => binaries[id],
    encode(text) {
      length = 0;
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
        const ids = piece(match[0]);
        if (typeof ids === 'number') push(ids);
        else for (let i = 0; i < ids.length; i++) push(ids[i]!);
      }
      return out.slice(0, length);
    },
  };
}

/** Merges the lowest-ranked adjacent pair until none is left: a heap of candidate pairs over a linked list, O(n log n). */
export function mergePairs(binary: string, ranks: ReadonlyMap<string, number>): Int32Array {
  const n = binary.length;
  const next = new Int32Array(n + 1);
  const before = new Int32Array(n + 1);
  // A part is named by its first byte; `next` of a part is the first byte of the part behind it.
  for (let i = 0; i <= n; i++) {
    next[i] = i + 1;
    before[i] = i - 1;
  }
  const alive = new Uint8Array(n + 1).fill(1);
  // Heap entries: rank, position and the end the pair had when pushed (stale entries are skipped).
  const heap: number[] = [];
  const key = (rank: number, at: number): number => rank * 0x8000000 + at;
  const ends = new Map<number, number>();
  const offer = (at: number): void => {
    const middle = next[at]!;
    if (middle >= n) return;
    const end = next[middle]!;
    const rank = ranks.get(binary.slice(at, end));
    if (rank === undefined) return;
    const entry = key(rank, at);
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
    if (ends.get(entry) !== end || ranks.get(binary.slice(at, end)) !== Math.floor(entry / 0x8000000)) continue;
    alive[middle] = 0;
    next[at] = end;
    before[end] = at;
    offer(at);
    if (at > 0) offer(before[at]!);
  }
  const ids: number[] = [];
  for (let at = 0; at < n; at = next[at]!) ids.push(ranks.get(binary.slice(at, next[at]))!);
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
