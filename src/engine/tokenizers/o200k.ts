/** The default tokenizer, o200k_base: gpt-tokenizer's vocabulary in our own engine. */
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';
import { PLAIN_MARKS } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { makeBytePairs } from './byte-pairs.ts';

let shared: Tokenizer | null = null;

/** The one that this thread has, with the pieces it remembers. */
export function o200k(): Tokenizer {
  return (shared ??= makeO200k());
}

/** Loads the vocabulary (about 0.1 s). */
export function makeO200k(): Tokenizer {
  const pairs = makeBytePairs(ranks);
  const marks = new Map(PLAIN_MARKS.map((mark) => [mark.id, new TextEncoder().encode(mark.text)]));
  return {
    name: 'o200k_base',
    encode: (text) => pairs.encode(text),
    bytes: (id) => marks.get(id)?.slice() ?? pairs.bytes(id),
  };
}
