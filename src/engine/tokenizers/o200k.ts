/** The default tokenizer, o200k_base: vocabulary and split pattern from gpt-tokenizer, merged by our own engine. */
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';
import { O200KBase } from 'gpt-tokenizer/encodingParams/o200k_base';
import { PLAIN_MARKS } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { makeBytePairs } from './byte-pairs.ts';

/** Loads the vocabulary (about 0.2 s); call once per thread. */
export function makeO200k(): Tokenizer {
  const pairs = makeBytePairs(ranks, O200KBase(ranks).tokenSplitRegex);
  const marks = new Map(PLAIN_MARKS.map((mark) => [mark.id, mark.text]));
  return {
    name: 'o200k_base',
    encode: (text) => pairs.encode(text.isWellFormed() ? text : text.toWellFormed()),
    bytes(id) {
      const binary = marks.get(id) ?? pairs.binary(id);
      if (binary === undefined) return null;
      const bytes = new Uint8Array(binary.length);
      for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
      return bytes;
    },
  };
}
