/**
 * Byte-pair encoding with o200k_base's split pattern, or another (`split-patterns.ts`), in WebAssembly (`wasm/byte-pairs.c`),
 * because tokenising is most of opening a log. Ours also because gpt-tokenizer, which the vocabulary comes from, takes quadratic
 * time on one long run of characters (200,000 blanks: 14 s) and agent logs have such runs; ids are equal to the library's (tested).
 *
 * Text becomes bytes once, a chunk at a time. What the pattern asks of a character is asked of the host's own regular
 * expressions, for 256 characters at once when the first of them is met, so that both know the same Unicode.
 */
import { grown } from '../../base/growable.ts';
import { mergeLong } from './merge.ts';
import { mergeLongListed } from './merge-listed.ts';
import { HOST_BLANK, type SplitPattern } from './split-patterns.ts';
import { makeModule, type BytePairsModule } from './wasm/instantiate.ts';

export interface BytePairs {
  /** Ids of the text; a lone surrogate is encoded as U+FFFD. -1 stands for a byte that is no token. */
  encode(text: string): Int32Array<ArrayBuffer>;
  /** Bytes of a token, or null. */
  bytes(id: number): Uint8Array<ArrayBuffer> | null;
}

/** Token id -> text, or its bytes where they are not UTF-8; empty: no token, or one that text never gives. */
export type RankedVocabulary = readonly (string | readonly number[])[];

/** Another pattern than o200k_base's, and merging by a list of pairs where there is one. */
export interface ListedMerges extends SplitPattern {
  /** left, right, the token that they make; the earlier pair comes first. */
  readonly pairs: Int32Array;
  /** A piece that is a token is that token, whatever the pairs. */
  readonly wholeWords: boolean;
}

/** Bytes of text that are encoded at a time; a longer piece gets more room. */
const CHUNK = 1 << 18;
/** A character of a string takes at most this many bytes. */
const BYTES_PER_UNIT = 3;

/** What the module's `encode` stopped for; the third is a long piece. */
const DONE = 0;
const NEEDS_CLASSES = 1;
/** Words of the module's state. */
const COUNT = 0;
const AT = 1;
const PIECE_END = 2;
const WANTED_PAGE = 3;

/** The module's classes of characters from 1 on, then one for all others. null: what the pattern takes for a blank. */
const CLASSES = [/[\p{Lu}\p{Lt}]/u, /\p{Ll}/u, /[\p{Lm}\p{Lo}]/u, /\p{M}/u, /\p{N}/u, null, /[\r\n]/u] as const;
const PAGE = 256;

const encoder = new TextEncoder();

/** @param listed without: o200k_base's pattern, and the token with the lowest id is merged first */
export function makeBytePairs(vocabulary: RankedVocabulary, listed?: ListedMerges): BytePairs {
  const wasm = makeModule();
  load(wasm, vocabulary);
  if (listed) loadPairs(wasm, listed);
  const classes = CLASSES.map((pattern) => pattern ?? listed?.blank ?? HOST_BLANK);
  const state = wasm.state() >> 2;
  let room = CHUNK;
  let text = wasm.reserve(room);
  let out = wasm.idsWritten() >> 2;
  let memory = new Uint8Array(wasm.memory.buffer);
  let words = new Int32Array(wasm.memory.buffer);

  function makeRoom(bytes: number): void {
    room = bytes;
    text = wasm.reserve(room);
    out = wasm.idsWritten() >> 2;
    // Views on a memory end when it grows.
    memory = new Uint8Array(wasm.memory.buffer);
    words = new Int32Array(wasm.memory.buffer);
  }

  function classify(page: number): void {
    for (let code = page * PAGE; code < (page + 1) * PAGE; code++) {
      const character = String.fromCodePoint(code);
      const found = classes.findIndex((pattern) => pattern.test(character));
      memory[wasm.characterClasses() + code] = 1 + (found < 0 ? classes.length : found);
    }
  }
  classify(0);

  function long(from: number, to: number): Int32Array {
    if (!listed) return mergeLong(to - from, (first, last) => wasm.rankOf(from + first, from + last));
    const whole = listed.wholeWords ? wasm.rankOf(from, to) : -1;
    if (whole >= 0) return Int32Array.of(whole);
    const parts = Int32Array.from({ length: to - from }, (_, i) => wasm.rankOf(from + i, from + i + 1));
    return mergeLongListed(parts, (left, right) => {
      const pair = wasm.pairOf(left, right) >> 2;
      return pair === 0 ? null : { order: words[pair + 2]!, made: words[pair + 3]! };
    });
  }

  /** Encodes the `bytes` that the buffer holds, up to a piece that more text could change unless they are `whole`. */
  function run(bytes: number, whole: 0 | 1): void {
    let stop = wasm.encode(bytes, whole);
    while (stop !== DONE) {
      if (stop === NEEDS_CLASSES) classify(words[state + WANTED_PAGE]!);
      else {
        const from = words[state + AT]!;
        const ids = long(from, words[state + PIECE_END]!);
        words.set(ids, out + words[state + COUNT]!);
        wasm.writtenByCaller(ids.length);
      }
      stop = wasm.goOn(whole);
    }
  }

  function written(): Int32Array<ArrayBuffer> {
    return words.slice(out, out + words[state + COUNT]!);
  }

  /** A text that may not fit into the buffer. */
  function encodeLong(input: string): Int32Array<ArrayBuffer> {
    let ids = new Int32Array(0);
    let length = 0;
    let held = 0;
    for (let read = 0; ;) {
      const next = encoder.encodeInto(input.slice(read), memory.subarray(text + held, text + room));
      read += next.read;
      const bytes = held + next.written;
      const whole = read === input.length;
      run(bytes, whole ? 1 : 0);
      const more = written();
      ids = grown(ids, length + more.length);
      ids.set(more, length);
      length += more.length;
      if (whole) return ids.slice(0, length);
      const at = words[state + AT]!;
      held = bytes - at;
      memory.copyWithin(text, text + at, text + bytes);
      if (held > room / 2) makeRoom(2 * room);
    }
  }

  return {
    encode(input) {
      if (input.length * BYTES_PER_UNIT > room) return encodeLong(input);
      run(encoder.encodeInto(input, memory.subarray(text, text + room)).written, 1);
      return written();
    },
    bytes(id) {
      if (id < 0 || id >= vocabulary.length) return null;
      const start = wasm.wordStarts() >> 2;
      const first = wasm.wordBytes();
      return memory.slice(first + words[start + id]!, first + words[start + id + 1]!);
    },
  };
}

function loadPairs(wasm: BytePairsModule, { bits, pairs, wholeWords }: ListedMerges): void {
  wasm.splitBy(bits);
  const count = pairs.length / 3;
  wasm.listPairs(count, wholeWords ? 1 : 0);
  for (let i = 0; i < count; i++) wasm.addPair(pairs[3 * i]!, pairs[3 * i + 1]!, i, pairs[3 * i + 2]!);
}

/** Puts the vocabulary into the module's memory, word behind word. */
function load(wasm: BytePairsModule, vocabulary: RankedVocabulary): void {
  let longest = 0;
  let units = 0;
  for (const { length } of vocabulary) {
    longest = Math.max(longest, length);
    units += length;
  }
  const scratch = new Uint8Array(BYTES_PER_UNIT * longest);
  let all = new Uint8Array(units);
  const starts = new Int32Array(vocabulary.length + 1);
  let length = 0;
  vocabulary.forEach((word, id) => {
    let size = word.length;
    if (typeof word === 'string') size = encoder.encodeInto(word, scratch).written;
    else scratch.set(word);
    all = grown(all, length + size);
    for (let i = 0; i < size; i++) all[length + i] = scratch[i]!;
    starts[id + 1] = length += size;
  });
  wasm.makeVocabulary(vocabulary.length, length);
  new Uint8Array(wasm.memory.buffer).set(all.subarray(0, length), wasm.wordBytes());
  new Int32Array(wasm.memory.buffer).set(starts, wasm.wordStarts() >> 2);
  wasm.indexVocabulary();
}
