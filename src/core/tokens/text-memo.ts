/**
 * Values by text, in a fixed amount of memory. Keys are kept as bytes in two large arrays rather than as strings, so
 * that the strings of a log can die young: keeping them made garbage collection a third of opening a log.
 */
import { grown } from '../../base/growable.ts';

export interface TextMemo<V> {
  /** The value of `text`: the one it had the last time, or what `make` makes of it now. */
  recall(text: string, make: (text: string) => V): V;
}

/** Texts that are newer than the last change of generations, or were asked for since then. */
interface Generation<V> {
  words: Int32Array<ArrayBuffer>;
  used: number;
  /** slot -> hash, entry + 1 (0 = free) */
  readonly slots: Int32Array<ArrayBuffer>;
  /** entry -> first word, bytes */
  readonly place: Int32Array<ArrayBuffer>;
  values: V[];
}

/** Entries and slots of a generation. */
const ENTRIES = 1 << 16;
const SLOTS = ENTRIES * 2;
const encoder = new TextEncoder();

/**
 * Two generations of keys of `maxBytes / 2` bytes each. A value found was made of equal bytes, never only of an equal
 * hash. Texts above a quarter of a generation and texts with lone surrogates, which bytes cannot tell apart, are not kept.
 */
export function makeTextMemo<V>(maxBytes: number): TextMemo<V> {
  const limit = Math.floor(maxBytes / 8);
  let young = makeGeneration<V>();
  let old = makeGeneration<V>();
  let scratch = new Uint8Array(1 << 14);
  let scratchWords = new Int32Array(scratch.buffer);

  return {
    recall(text, make) {
      if (text.length > maxBytes / 8 || !text.isWellFormed()) return make(text);
      if (text.length * 3 + 4 > scratch.length) {
        scratch = new Uint8Array((text.length * 6 + 8) & ~3);
        scratchWords = new Int32Array(scratch.buffer);
      }
      const bytes = encoder.encodeInto(text, scratch).written;
      const words = (bytes + 3) >> 2;
      for (let i = bytes; i < words * 4; i++) scratch[i] = 0;
      const hash = hashOf(scratchWords, words, bytes);
      let entry = find(young, hash, scratchWords, words, bytes);
      if (entry >= 0) return young.values[entry];
      entry = find(old, hash, scratchWords, words, bytes);
      const value = entry >= 0 ? old.values[entry] : make(text);
      if (young.used + words > limit || young.values.length === ENTRIES) {
        const oldest = old;
        old = young;
        young = oldest;
        young.used = 0;
        young.values = [];
        young.slots.fill(0);
      }
      add(young, hash, scratchWords, words, bytes, value, limit);
      return value;
    },
  };
}

function makeGeneration<V>(): Generation<V> {
  return { words: new Int32Array(1 << 12), used: 0, slots: new Int32Array(2 * SLOTS), place: new Int32Array(2 * ENTRIES), values: [] };
}

function hashOf(words: Int32Array, count: number, bytes: number): number {
  let hash = bytes;
  for (let i = 0; i < count; i++) hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ words[i], 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function find<V>(generation: Generation<V>, hash: number, words: Int32Array, count: number, bytes: number): number {
  const { slots, place, words: kept } = generation;
  for (let at = hash & (SLOTS - 1); slots[2 * at + 1] !== 0; at = (at + 1) & (SLOTS - 1)) {
    const entry = slots[2 * at + 1] - 1;
    if (slots[2 * at] !== hash || place[2 * entry + 1] !== bytes) continue;
    const first = place[2 * entry];
    let i = 0;
    while (i < count && kept[first + i] === words[i]) i++;
    if (i === count) return entry;
  }
  return -1;
}

function add<V>(generation: Generation<V>, hash: number, words: Int32Array, count: number, bytes: number, value: V, limit: number): void {
  const entry = generation.values.push(value) - 1;
  const first = generation.used;
  if (first + count > generation.words.length) generation.words = grown(generation.words, Math.min(limit, 2 * (first + count)));
  generation.words.set(words.subarray(0, count), first);
  generation.used = first + count;
  generation.place[2 * entry] = first;
  generation.place[2 * entry + 1] = bytes;
  let at = hash & (SLOTS - 1);
  while (generation.slots[2 * at + 1] !== 0) at = (at + 1) & (SLOTS - 1);
  generation.slots[2 * at] = hash;
  generation.slots[2 * at + 1] = entry + 1;
}
