/** Bounds on the entropy of a next-token distribution of which only the most likely tokens were logged. */

export interface EntropyBounds {
  /** Nats; NaN where the logged list is unusable. */
  readonly low: number;
  /** Nats; NaN where the logged list is unusable. */
  readonly high: number;
}

/**
 * No tokenizer in common use is larger (Gemma's has 262 144 entries). As an assumed size it keeps the upper bound
 * valid for every smaller vocabulary: the bound only grows with the size, and by the logarithm of it.
 */
export const LARGEST_VOCABULARY = 262_144;

const UNKNOWN: EntropyBounds = { low: Number.NaN, high: Number.NaN };

/**
 * Bounds from top-k log-probs. With H_k the entropy terms of the listed tokens, q the mass outside the list and p_k
 * the smallest listed probability: H_k + q·ln(1/min(p_k, q)) ≤ H ≤ H_k + q·ln((V − k)/q); q = 0 gives equality.
 *
 * - `top`: natural-log probabilities of the k most likely tokens, in any order.
 * - `vocabularySize`: V, or an upper limit of it.
 * - `outside`: log-prob of a token that is known although it is not among the k most likely (servers append the
 *   sampled token). Its mass is known, but it says nothing about how likely the others may be.
 *
 * Log-probs that mean "impossible" (−Infinity, −9999) contribute nothing. An empty list, or NaN in it, gives NaN.
 */
export function entropyBounds(top: ArrayLike<number>, vocabularySize: number, outside?: number): EntropyBounds {
  if (top.length === 0) return UNKNOWN;
  let known = 0;
  let listed = 0;
  let smallest = 1;
  for (let i = 0; i < top.length; i++) {
    const p = Math.exp(Math.min(top[i], 0));
    if (Number.isNaN(p)) return UNKNOWN;
    known += p;
    if (p === 0) continue;
    listed -= p * Math.log(p);
    smallest = Math.min(smallest, p);
  }
  let count = top.length;
  if (outside !== undefined && !Number.isNaN(outside)) {
    const p = Math.exp(Math.min(outside, 0));
    known += p;
    if (p > 0) listed -= p * Math.log(p);
    count++;
  }
  const rest = 1 - known; // below zero only by the rounding of the logged numbers
  const others = Math.max(vocabularySize - count, 1);
  if (rest <= 0) return { low: listed, high: listed };
  // A list that leaves more to each other token than its own smallest entry is no top-k: then only q limits them.
  const largestOther = smallest * others < rest ? rest : Math.min(smallest, rest);
  return { low: listed + rest * Math.log(1 / largestOther), high: listed + rest * Math.log(others / rest) };
}
