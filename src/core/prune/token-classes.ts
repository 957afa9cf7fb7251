/** Pinned tokens and the others. */
import type { BucketCounts } from './slot-table.ts';

/** Tokens of a cut. */
export interface TokenClasses {
  readonly pinned: number;
  readonly others: number;
}

/** Of counts whose first `pinnedBuckets` are those of pinned tokens. */
export function classesOf({ counts }: BucketCounts, pinnedBuckets: number): TokenClasses {
  const sum = (part: Float64Array): number => part.reduce((all, count) => all + count, 0);
  return { pinned: sum(counts.subarray(0, pinnedBuckets)), others: sum(counts.subarray(pinnedBuckets)) };
}
