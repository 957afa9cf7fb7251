/** The byte-pair module as TypeScript sees it. Addresses and sizes are in bytes, of the module's memory. */
import { hasExport, instantiate } from '../../../base/wasm.ts';
import { BYTE_PAIRS } from './byte-pairs.built.ts';

export interface BytePairsModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Makes room for `words` words of `bytes` bytes together; the caller then fills them and calls `indexVocabulary`. */
  makeVocabulary(words: number, bytes: number): void;
  /** Address of the words' bytes, one behind the other. */
  wordBytes(): number;
  /** Address of Int32: word -> its first byte, and behind the last one the bytes of all. */
  wordStarts(): number;
  indexVocabulary(): void;
  /** Address of Uint8: code point -> class, 0 = not known yet. */
  characterClasses(): number;
  /** Makes room for `bytes` bytes of text, and keeps what is there; the text's address. The memory may grow. */
  reserve(bytes: number): number;
  /**
   * Encodes the first `bytes` bytes of text, piece after piece. 0: done with all, or unless `whole` up to a piece that more
   * text could change. 1: classes of the wanted page must be filled in first. 2: the piece at `at` is too long to be merged
   * in the module. After 1 and 2, `goOn` goes on.
   */
  encode(bytes: number, whole: 0 | 1): number;
  goOn(whole: 0 | 1): number;
  /** Address of Int32: ids so far, at, end of the long piece, wanted page (code point / 256). */
  state(): number;
  /** Rank of `text[from .. to)`, or -1. */
  rankOf(from: number, to: number): number;
  /** The split pattern, as bits (`splits.h`); 0, as at first: o200k_base's. */
  splitBy(bits: number): void;
  /** Room for so many pairs, which are then added: pieces are merged by them from then on. `whole` = 1: pieces that are tokens are not. */
  listPairs(pairs: number, whole: 0 | 1): void;
  addPair(left: number, right: number, order: number, made: number): void;
  /** Address of Uint32: left + 1, right, order, made; 0: the two tokens do not merge. */
  pairOf(left: number, right: number): number;
  /** Goes on behind the long piece; the caller has written `ids` ids behind those that were there. */
  writtenByCaller(ids: number): void;
  /** Address of Int32: the ids so far. */
  idsWritten(): number;
}

/** An instance with a memory of its own. */
export function makeModule(): BytePairsModule {
  return instantiate(BYTE_PAIRS, isBytePairs);
}

function isBytePairs(exports: unknown): exports is BytePairsModule {
  return hasExport(exports, 'goOn');
}
