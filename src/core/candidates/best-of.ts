/** Best of n: how often the one that a ranking puts first among n answers, drawn without replacement, is right. Exact. */

/**
 * Answers of equal score are as likely as each other to be chosen; those without a score come last.
 * @param isRight answer -> 1 right, 0 wrong. @param scores answer -> score, NaN unknown. @returns n − 1 -> chance. O(answers²)
 */
export function bestOf(isRight: ArrayLike<number>, scores: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const count = isRight.length;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => descending(scores[a], scores[b]));
  const chance = new Float64Array(count);
  // n − 1 -> chance that n hold none of the first `end` of the order: C(count − end, n) ÷ C(count, n)
  const none = new Float64Array(count).fill(1);
  for (let first = 0; first < count;) {
    const before = none.slice();
    let end = first;
    let right = 0;
    for (; end < count && descending(scores[order[first]], scores[order[end]]) === 0; end++) {
      right += isRight[order[end]];
      for (let n = 1; n <= count; n++) none[n - 1] *= Math.max(0, count - end - n) / (count - end);
    }
    // The best of n lies in this tie where none before it is drawn and one of it is.
    for (let n = 0; n < count; n++) chance[n] += ((before[n] - none[n]) * right) / (end - first);
    first = end;
  }
  return chance;
}

function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a > b ? -1 : Number(a < b);
}
