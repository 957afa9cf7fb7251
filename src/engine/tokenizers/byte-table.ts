/** Byte strings numbered in the order of their arrival, found by hash and compared byte by byte; one value each. */
import { grown } from '../../base/growable.ts';

export interface ByteTable {
  readonly length: number;
  /** Number of the entry equal to `bytes[from .. to)`, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number;
  /** Adds an entry, which must not be there yet; returns its number. */
  add(bytes: Uint8Array, from: number, to: number, value: number): number;
  value(entry: number): number;
  bytes(entry: number): Uint8Array<ArrayBuffer>;
  /** Forgets all entries but the first `length`. */
  truncate(length: number): void;
}

/** @param capacity entries it will hold at most; more throws */
export function makeByteTable(capacity: number): ByteTable {
  // At most five eighths of the slots are taken, so that runs of taken slots stay short.
  const slots = 1 << Math.ceil(Math.log2(capacity * 1.6));
  const mask = slots - 1;
  // Pairs of hash and entry + 1; 0 = free.
  const slot = new Int32Array(2 * slots);
  const start = new Int32Array(capacity + 1);
  const values = new Int32Array(capacity);
  let store = new Uint8Array(1 << 16);
  let length = 0;

  function hashOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = to - from;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    // The last bytes have only reached the upper half by now, and the slot is the lower bits.
    return hash ^ (hash >>> 15);
  }

  function place(hash: number, entry: number): void {
    let at = hash & mask;
    while (slot[2 * at + 1] !== 0) at = (at + 1) & mask;
    slot[2 * at] = hash;
    slot[2 * at + 1] = entry + 1;
  }

  return {
    get length() {
      return length;
    },
    find(bytes, from, to) {
      const hash = hashOf(bytes, from, to);
      for (let at = hash & mask; ; at = (at + 1) & mask) {
        const entry = slot[2 * at + 1]! - 1;
        if (entry < 0) return -1;
        if (slot[2 * at] !== hash) continue;
        const first = start[entry]!;
        if (start[entry + 1]! - first !== to - from) continue;
        let i = from;
        while (i < to && bytes[i] === store[first + i - from]) i++;
        if (i === to) return entry;
      }
    },
    add(bytes, from, to, value) {
      if (length === capacity) throw new Error(`the table holds ${capacity} entries and no more`);
      const first = start[length]!;
      store = grown(store, first + to - from);
      for (let i = from; i < to; i++) store[first + i - from] = bytes[i]!;
      start[length + 1] = first + to - from;
      values[length] = value;
      place(hashOf(bytes, from, to), length);
      return length++;
    },
    value: (entry) => values[entry]!,
    bytes: (entry) => store.slice(start[entry], start[entry + 1]),
    truncate(keep) {
      slot.fill(0);
      length = keep;
      for (let entry = 0; entry < keep; entry++) place(hashOf(store, start[entry]!, start[entry + 1]!), entry);
    },
  };
}
