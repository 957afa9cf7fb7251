/** Hash-consing of texts: what is made of a text is made once for each distinct text, while it is in use. */
import { makeTextMemo } from './text-memo.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Short texts (role words, answers such as "ok") are kept as strings: most are met again and again. */
const SHORT = 16;
const SHORT_ENTRIES = 4096;

/** `tokenizer.encode`, remembering the ids of texts of about `maxBytes` together. */
export function makeTextCache(tokenizer: Tokenizer, maxBytes = 8_000_000): (text: string) => ArrayLike<number> {
  const memo = makeTextMemo<ArrayLike<number>>(maxBytes);
  const short = new Map<string, ArrayLike<number>>();
  const encode = (text: string): ArrayLike<number> => tokenizer.encode(text);
  return (text) => {
    if (text.length > SHORT) return memo.recall(text, encode);
    let ids = short.get(text);
    if (ids === undefined) {
      if (short.size === SHORT_ENTRIES) short.clear();
      short.set(text, (ids = encode(text)));
    }
    return ids;
  };
}
