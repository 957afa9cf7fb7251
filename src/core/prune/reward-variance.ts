/** Subsets of rewards with the largest variance, in one order (PODS, arXiv 2504.13818). */

/** Beyond this many rewards of one task the order is made step by step: the exact one takes time and memory with the square. */
const MOST = 2048;

/**
 * Indices of `values` in an order each prefix of which joins the highest and the lowest values. Of all sets of m rewards
 * the i highest and m − i lowest vary most, for the best i (PODS). Best sets of successive m need not be nested, so this
 * is the order among nested ones whose variances, summed over all m, are largest: where the best sets are nested, as for
 * rewards of two values, every prefix is a best set. Above 2,048 values each step takes the extreme that varies more.
 * O(values²), else O(values log values).
 */
export function extremesOrder(values: readonly number[]): number[] {
  const falling = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  const sorted = falling.map((i) => values[i]);
  const takesHigh = sorted.length <= MOST ? bestMoves(sorted) : greedyMoves(sorted);
  let high = 0;
  let low = sorted.length - 1;
  return takesHigh.map((isHigh) => falling[isHigh ? high++ : low--]);
}

/** Variance of the `i` first and the `j` last of falling values, for any i and j. */
function varianceOf(sorted: readonly number[]): (i: number, j: number) => number {
  const sum = new Float64Array(sorted.length + 1);
  const squares = new Float64Array(sorted.length + 1);
  // From the middle of the values, so that squares of large rewards do not drown what differs.
  const shift = sorted.length === 0 ? 0 : (sorted[0] + sorted[sorted.length - 1]) / 2;
  for (const [i, value] of sorted.entries()) {
    sum[i + 1] = sum[i] + (value - shift);
    squares[i + 1] = squares[i] + (value - shift) ** 2;
  }
  const ends = (column: Float64Array, i: number, j: number): number => column[i] + column[sorted.length] - column[sorted.length - j];
  return (i, j) => ends(squares, i, j) / (i + j) - (ends(sum, i, j) / (i + j)) ** 2;
}

/** A dynamic program over how many of the first m are from the top; among equals the top comes first. */
function bestMoves(sorted: readonly number[]): boolean[] {
  const length = sorted.length;
  const variance = varianceOf(sorted);
  const cameFromHigh = new Uint8Array(((length + 1) * (length + 2)) / 2);
  const row = (m: number): number => (m * (m + 1)) / 2;
  let best = Float64Array.of(0);
  for (let m = 1; m <= length; m++) {
    const next = new Float64Array(m + 1);
    for (let i = 0; i <= m; i++) {
      const fromLow = i < m ? best[i] : -Infinity;
      const fromHigh = i > 0 ? best[i - 1] : -Infinity;
      cameFromHigh[row(m) + i] = fromHigh > fromLow ? 1 : 0;
      next[i] = Math.max(fromLow, fromHigh) + variance(i, m - i);
    }
    best = next;
  }
  let i = best.reduce((at, value, index) => (value >= best[at] ? index : at), 0);
  const moves: boolean[] = [];
  for (let m = length; m > 0; m--) {
    const isHigh = cameFromHigh[row(m) + i] === 1;
    moves.push(isHigh);
    if (isHigh) i--;
  }
  return moves.reverse();
}

function greedyMoves(sorted: readonly number[]): boolean[] {
  const variance = varianceOf(sorted);
  let high = 0;
  let low = 0;
  return sorted.map(() => {
    const isHigh = high + low === 0 || variance(high + 1, low) >= variance(high, low + 1);
    if (isHigh) high++;
    else low++;
    return isHigh;
  });
}
