/** The chance that none of several rollouts that are drawn is a success: what pass@k is one minus. */

/**
 * C(n − c, k) ÷ C(n, k): all k that are drawn without replacement from n, of which c are successes, fail (Chen et al. 2021).
 * NaN where fewer than k can be drawn. O(min(c, k)).
 */
export function missAll(n: number, c: number, k: number): number {
  if (k > n) return Number.NaN;
  if (k > n - c) return 0;
  // Π over the smaller of c and k factors of (n − k − i) ÷ (n − i), or of (n − c − i) ÷ (n − i): both are the same product.
  const [factors, less] = c < k ? [c, k] : [k, c];
  let chance = 1;
  for (let i = 0; i < factors; i++) chance *= (n - less - i) / (n - i);
  return chance;
}
