/** Names that someone may have meant who typed another. */

const MOST = 3;
/** A name longer than this was not mistyped: what is looked at stays small. */
const LONGEST = 64;

/** Up to three of the words, nearest first: those that begin so, or that a few letters turn into it. */
export function nearWords(typed: string, words: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase().slice(0, LONGEST);
  const ranked = words.flatMap((word) => {
    const known = word.toLowerCase().slice(0, LONGEST);
    const begins = known.startsWith(wanted) || known.endsWith(`.${wanted}`) || wanted.startsWith(known);
    const steps = begins ? 0.5 : lettersApart(wanted, known);
    return steps <= Math.max(1, Math.floor(wanted.length / 3)) ? [{ word, steps }] : [];
  });
  return ranked
    .sort((a, b) => a.steps - b.steps || (a.word < b.word ? -1 : 1))
    .slice(0, MOST)
    .map(({ word }) => word);
}

/** Letters to put in, take out, change, or swap with the next: optimal string alignment. */
function lettersApart(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
