/** Hash-consing of texts: each distinct text is tokenised once while it is in use. */
import type { Tokenizer } from './tokenizer.ts';

/**
 * Ids by text in two generations, so that memory stays under about `maxCharacters` characters of keys. Keys are the
 * texts themselves: equal ids mean equal characters, never only equal hashes.
 */
export function makeTextCache(tokenizer: Tokenizer, maxCharacters = 16_000_000): (text: string) => ArrayLike<number> {
  let young = new Map<string, ArrayLike<number>>();
  let old = new Map<string, ArrayLike<number>>();
  let characters = 0;
  return (text) => {
    let ids = young.get(text);
    if (ids !== undefined) return ids;
    ids = old.get(text) ?? tokenizer.encode(text);
    if (text.length <= maxCharacters / 4) {
      if (characters + text.length > maxCharacters / 2) {
        old = young;
        young = new Map();
        characters = 0;
      }
      young.set(text, ids);
      characters += text.length;
    }
    return ids;
  };
}
