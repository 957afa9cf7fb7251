/** pass@k: how often at least one of k answers is right (Chen et al. 2021, arXiv 2107.03374). */

/**
 * 1 − C(n−c, k) ÷ C(n, k): the unbiased estimate from n answers of which c are right, as a product, so that nothing overflows.
 * NaN where fewer than k answers are known.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (k > n || k < 1) return Number.NaN;
  if (n - c < k) return 1;
  let none = 1;
  for (let i = 0; i < c; i++) none *= 1 - k / (n - i);
  return 1 - none;
}
