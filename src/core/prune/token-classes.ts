/** Pinned tokens and the others: how a train budget is divided between them. */
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

/**
 * Tokens of each class that a budget asks for. Pinned ones come first, but the others get `floor` of the budget all the same,
 * because no weight can make up for a token that is never drawn. Both grow with the budget. [ours]
 */
export function divideBudget({ pinned, others }: TokenClasses, budget: number, floor: number): TokenClasses {
  const rest = Math.min(others, Math.max(budget - pinned, floor * budget));
  return { pinned: budget - rest, others: rest };
}
