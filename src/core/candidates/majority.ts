/**
 * Majority of n: n answers are drawn without replacement, votes are counted among them, and one of the largest group is chosen, groups of
 * equal size being as likely as each other. Exact.
 */

/** More answers than these are too many to count all draws: votes are then counted among all of a task's answers. */
export const MOST_DRAWN = 96;

/** @param groups size and right answers of each. @returns n − 1 -> chance that the chosen one is right. O(answers³ × groups) at most */
export function majorityOf(groups: readonly { readonly size: number; readonly right: number }[]): Float64Array<ArrayBuffer> {
  const count = groups.reduce((sum, { size }) => sum + size, 0);
  const chance = new Float64Array(count);
  const largest = groups.reduce((most, { size }) => Math.max(most, size), 0);
  const choose = binomials(count);
  const sizes = groups.map(({ size }) => size);
  // Of groups of one size the others are the same.
  const rightOf = new Map<number, number>();
  for (const { size, right } of groups) rightOf.set(size, (rightOf.get(size) ?? 0) + right);
  for (let votes = 1; votes <= largest; votes++) {
    for (const [size, right] of rightOf) {
      if (size < votes || right === 0) continue;
      const others = sizes.toSpliced(sizes.indexOf(size), 1);
      // ways[t][i]: ways to draw i answers of the other groups with none above `votes` and t groups at it
      const ways = drawsOf(others, votes, count - votes, choose);
      for (const [tied, drawn] of ways.entries())
        for (let i = 0; i < drawn.length; i++)
          chance[votes + i - 1] += ((choose(size, votes) * drawn[i]) / (tied + 1) / choose(count, votes + i)) * (right / size);
    }
  }
  return chance;
}

function drawsOf(sizes: readonly number[], most: number, total: number, choose: (n: number, k: number) => number): Float64Array[] {
  let ways: Float64Array[] = [Float64Array.of(1)];
  for (const size of sizes) {
    const canTie = size >= most;
    const room = Math.min(total, (ways[0]?.length ?? 1) - 1 + Math.min(size, most));
    const next = Array.from({ length: ways.length + Number(canTie) }, () => new Float64Array(room + 1));
    for (const [tied, before] of ways.entries())
      for (let i = 0; i < before.length; i++) {
        if (before[i] === 0) continue;
        for (let j = 0; j <= Math.min(size, most, room - i); j++) next[tied + Number(j === most)][i + j] += before[i] * choose(size, j);
      }
    ways = next;
  }
  return ways;
}

/** As floating point: sums and products of positive numbers alone, so that every figure has about fifteen digits. */
function binomials(most: number): (n: number, k: number) => number {
  const rows: Float64Array[] = [];
  for (let n = 0; n <= most; n++) {
    const row = new Float64Array(n + 1).fill(1);
    for (let k = 1; k < n; k++) row[k] = rows[n - 1][k - 1] + rows[n - 1][k];
    rows.push(row);
  }
  return (n, k) => rows[n][k] ?? 0;
}
