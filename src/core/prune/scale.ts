/** Probabilities in proportion to scores, at most 1: the multiple of the scores at which they add up to a number of draws. */
import type { BucketCounts, SlotTable } from './slot-table.ts';
import type { KeptSlots } from './token-layout.ts';

const STEPS = 100;

/**
 * λ with Σ min(1, λ·score) = `wanted` over the kept slots of some classes; 0 for none, Infinity where everything must be drawn. Which
 * level holds the scores at which λ·score reaches 1 follows from sums; the rest is Newton's
 * method on its slots. It comes from below and ends, because the sum is concave in λ and has finitely many straight pieces.
 * @param table its `values` are the scores. @param classes the first bucket of each class, which has one for each level
 * @param edges level -> least score
 */
export function scaleFor(
  table: SlotTable,
  { counts, sums }: BucketCounts,
  kept: KeptSlots,
  classes: readonly number[],
  edges: Float64Array,
  wanted: number,
): number {
  if (!(wanted > 0)) return 0;
  const levels = edges.length - 1;
  const below = new Float64Array(levels + 1);
  for (let level = 0; level < levels; level++) below[level + 1] = below[level] + sumAt(sums, classes, level);
  let above = 0;
  let level = levels - 1;
  for (; level > 0; level--) {
    // Were λ as large as to bring all of this level to 1.
    const own = sumAt(counts, classes, level);
    if (above + own + below[level] / edges[level] >= wanted) break;
    above += own;
  }
  const scores = classes.map((first) => keptScores(table, first + level, kept));
  let scale = 0;
  for (let step = 0; step < STEPS; step++) {
    let full = above;
    let slope = below[level];
    for (const own of scores) {
      for (let i = 0; i < own.length; i++) {
        if (scale * own[i] >= 1) full++;
        else slope += own[i];
      }
    }
    if (slope === 0) return full < wanted ? Infinity : scale;
    const next = (wanted - full) / slope;
    if (!(next > scale)) break;
    scale = next;
  }
  return scale;
}

function sumAt(column: Float64Array, classes: readonly number[], level: number): number {
  return classes.reduce((sum, first) => sum + column[first + level], 0);
}

function keptScores({ order, edges, values }: SlotTable, bucket: number, kept: KeptSlots): Float32Array {
  const scores = new Float32Array(edges[bucket + 1] - edges[bucket]);
  let count = 0;
  for (let i = edges[bucket]; i < edges[bucket + 1] && order[i] < kept.end; i++)
    if (values !== null && kept.isKept(order[i])) scores[count++] = values[order[i]];
  return scores.subarray(0, count);
}
