/**
 * Byte-pair encoding over a ranked vocabulary: the merge engine behind o200k_base, with the vocabulary and the split
 * pattern of gpt-tokenizer. Ours because that library takes quadratic time on one long run of characters
 * (200,000 blanks: 14 s) and agent logs have such runs, and because tokenising is most of opening a log; ids are equal
 * to the library's (tested).
 *
 * Text becomes bytes once. A piece is a range of them: looked up in one table of the vocabulary and of pieces seen
 * before, without making a string of it.
 */
import { grown } from '../../base/growable.ts';
import { byteLength } from '../../core/tokens/tokenizer.ts';
import { makeByteTable } from './byte-table.ts';
import { mergePairs } from './merge.ts';

export interface BytePairs {
  encode(text: string): Int32Array;
  /** Bytes of a token, or null. */
  bytes(id: number): Uint8Array<ArrayBuffer> | null;
}

/** Token id -> text, or its bytes where they are not UTF-8. */
export type RankedVocabulary = readonly (string | readonly number[])[];

/**
 * Ends of pieces that can be told without the pattern: end of the piece at `at` within `bytes[.. end)`, or a negative
 * number where the pattern has to decide. Must agree with the pattern.
 */
export type PieceEnd = (bytes: Uint8Array, at: number, end: number) => number;

/** Pieces of several tokens that are remembered, and the longest of them in bytes. */
const REMEMBERED = 100_000;
const LONGEST_REMEMBERED = 64;
/** The buffer for text is kept up to this size. */
const KEPT_BUFFER = 1 << 20;

/**
 * Short pieces met last, by their bytes: most pieces are among few, and the whole table does not fit into a core's
 * cache. A slot holds the first four bytes, the next four, the number of bytes, and the entry.
 */
const FRONT_BITS = 13;
const SHORT = 8;
/** Keeps the lowest n bytes of a 32-bit word. */
const LOWEST = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1);

const encoder = new TextEncoder();

/** @param split a global regular expression whose matches tile any text; each match is encoded by itself */
export function makeBytePairs(vocabulary: RankedVocabulary, split: RegExp, pieceEnd: PieceEnd = () => -1): BytePairs {
  const words = vocabulary.length;
  const table = makeByteTable(words + REMEMBERED);
  // Every pair of single bytes: the first round of every merge.
  const ofTwo = new Int32Array(1 << 16).fill(-1);
  let longest = 0;
  const scratch = new Uint8Array(4096);
  for (let id = 0; id < words; id++) {
    const word = vocabulary[id]!;
    let length = word.length;
    if (typeof word === 'string') length = encoder.encodeInto(word, scratch).written;
    else scratch.set(word);
    table.add(scratch, 0, length, id);
    longest = Math.max(longest, length);
    if (length === 2) ofTwo[(scratch[0]! << 8) | scratch[1]!] = id;
  }
  const rankOf = (bytes: Uint8Array, from: number, to: number): number => {
    if (to - from === 2) return ofTwo[(bytes[from]! << 8) | bytes[from + 1]!]!;
    if (to - from > longest) return -1;
    const entry = table.find(bytes, from, to);
    return entry < words ? entry : -1;
  };
  // Ids of remembered pieces, each run behind its length; an entry's value is where its run begins.
  let runs = new Int32Array(1 << 14);
  let runsLength = 0;
  const pattern = new RegExp(split.source, split.flags);
  const front = new Int32Array(4 << FRONT_BITS);
  let buffer = new Uint8Array(1 << 14);
  let words32 = new DataView(buffer.buffer);
  let out = new Int32Array(4096);
  let length = 0;

  /** Writes the ids of `bytes[from .. to)`, which no entry of the table equals. */
  function writeUnknown(bytes: Uint8Array, from: number, to: number): void {
    const ids = mergePairs(bytes, from, to, rankOf);
    out = grown(out, length + ids.length);
    out.set(ids, length);
    length += ids.length;
    if (to - from > LONGEST_REMEMBERED) return;
    if (table.length === words + REMEMBERED) {
      table.truncate(words);
      front.fill(0);
      runsLength = 0;
    }
    table.add(bytes, from, to, runsLength);
    runs = grown(runs, runsLength + 1 + ids.length);
    runs[runsLength] = ids.length;
    runs.set(ids, runsLength + 1);
    runsLength += 1 + ids.length;
  }

  /** As `table.find`; `view` is of the same bytes and goes on for eight more. */
  function findEntry(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const count = to - from;
    if (count > SHORT) return table.find(bytes, from, to);
    const low = count >= 4 ? view.getInt32(from, true) : view.getInt32(from, true) & LOWEST[count]!;
    const high = count > 4 ? view.getInt32(from + 4, true) & LOWEST[count - 4]! : 0;
    const slot = ((Math.imul(low, 0x9e3779b1) ^ Math.imul(high + count, 0x85ebca6b)) >>> (32 - FRONT_BITS)) * 4;
    if (front[slot] === low && front[slot + 1] === high && front[slot + 2] === count) return front[slot + 3]!;
    const entry = table.find(bytes, from, to);
    if (entry >= 0) {
      front[slot] = low;
      front[slot + 1] = high;
      front[slot + 2] = count;
      front[slot + 3] = entry;
    }
    return entry;
  }

  function writePiece(bytes: Uint8Array, view: DataView, from: number, to: number): void {
    const entry = findEntry(bytes, view, from, to);
    if (entry < 0) {
      writeUnknown(bytes, from, to);
      return;
    }
    if (entry < words) {
      if (length === out.length) out = grown(out, length + 1);
      out[length++] = entry;
      return;
    }
    const run = table.value(entry);
    const count = runs[run]!;
    out = grown(out, length + count);
    for (let i = 1; i <= count; i++) out[length++] = runs[run + i]!;
  }

  return {
    bytes: (id) => (id >= 0 && id < words ? table.bytes(id) : null),
    encode(text) {
      let bytes = buffer;
      let view = words32;
      if (text.length * 3 + SHORT > bytes.length) {
        bytes = new Uint8Array(text.length * 3 + SHORT);
        view = new DataView(bytes.buffer);
        if (bytes.length <= KEPT_BUFFER) {
          buffer = bytes;
          words32 = view;
        }
      }
      const end = encoder.encodeInto(text, bytes).written;
      length = 0;
      // Bytes of the text so far beyond one for each of its characters.
      let extra = 0;
      for (let at = 0; at < end; ) {
        let to = pieceEnd(bytes, at, end);
        if (to < 0) {
          pattern.lastIndex = at - extra;
          const piece = pattern.exec(text)![0];
          to = at + byteLength(piece);
          extra += to - at - piece.length;
        }
        writePiece(bytes, view, at, to);
        at = to;
      }
      return out.slice(0, length);
    },
  };
}
