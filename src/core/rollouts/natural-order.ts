/** Words in the order in which people look for them: `r2` before `r10`, whatever the case. */
import { compareTexts } from '../tree/input-order.ts';

/** Digits up to which a number in a word counts by its size. */
const DIGITS = 16;

function keyOf(word: string): string {
  return word.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}

/** @returns the words in order, and for each of the given its place among them. O(n log n), also in the length of the words. */
export function naturalOrder(words: readonly string[]): { readonly words: readonly string[]; readonly place: Int32Array } {
  const keys = words.map(keyOf);
  const order = Int32Array.from(words, (_, i) => i).sort((a, b) => compareTexts(keys[a], keys[b]) || compareTexts(words[a], words[b]));
  const place = new Int32Array(words.length);
  for (let i = 0; i < order.length; i++) place[order[i]] = i;
  return { words: Array.from(order, (i) => words[i]), place };
}
