/** How far an answer in words is from one that would be right. */

/** UTF-16 units of an answer that are compared; of a longer one the end is left out, which whoever tells it says. */
export const LONGEST_ANSWER = 8192;

/** Words of an answer: in lower case, without what is no letter and no digit. */
export function answerWords(text: string): readonly string[] {
  return (
    text
      .slice(0, LONGEST_ANSWER)
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * Words that an alignment leaves without an equal partner, of all words of both, 0 to 1 [ours]: 0 for answers of equal words. Two
 * without any word are equal. O(words · words) time, linear space.
 */
export function answerDistance(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 0;
  const row = new Int32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const up = row[j];
      row[j] = word === b[j - 1] ? diagonal + 1 : Math.max(up, row[j - 1]);
      diagonal = up;
    }
  }
  return (a.length + b.length - 2 * row[b.length]) / (a.length + b.length);
}
