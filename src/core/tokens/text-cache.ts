/** Hash-consing of texts: what is made of a text is made once for each distinct text, while it is in use. */
import { makeTextMemo } from './text-memo.ts';
import type { Tokenizer } from './tokenizer.ts';

/** `tokenizer.encode`, remembering the ids of texts of about `maxBytes` together. */
export function makeTextCache(tokenizer: Tokenizer, maxBytes = 16_000_000): (text: string) => ArrayLike<number> {
  const memo = makeTextMemo<ArrayLike<number>>(maxBytes);
  const encode = (text: string): ArrayLike<number> => tokenizer.encode(text);
  return (text) => memo.recall(text, encode);
}
