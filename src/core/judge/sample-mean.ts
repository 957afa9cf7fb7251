/** What several answers of a judge about one candidate come to. */

export interface JudgedMean {
  /** Samples that gave a score. */
  readonly samples: number;
  /** Null: none did. */
  readonly mean: number | null;
  /** Standard deviation of the samples (n − 1); null below two. */
  readonly spread: number | null;
}

/** @param scores in the order in which they were asked for, so that the sum has the same bits whoever answers first */
export function sampleMean(scores: readonly number[]): JudgedMean {
  const samples = scores.length;
  if (samples === 0) return { samples, mean: null, spread: null };
  const mean = scores.reduce((sum, score) => sum + score, 0) / samples;
  if (samples < 2) return { samples, mean, spread: null };
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { samples, mean, spread: Math.sqrt(squares / (samples - 1)) };
}
