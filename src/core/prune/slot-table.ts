/** Counts of token slots by bucket at checkpoints, so that those of a cut are known without a pass over its tokens. */
import type { KeptSlots } from './token-layout.ts';

export interface SlotTable {
  /** slots, bucket by bucket; within one in the order that was given */
  readonly order: Int32Array;
  /** bucket -> its first entry of `order`; buckets + 1 entries */
  readonly edges: Int32Array;
  /** slot -> bucket */
  readonly bucket: Uint16Array;
  /** Slots from one checkpoint to the next. */
  readonly step: number;
  /** [checkpoint · buckets + bucket] -> slots of that bucket below checkpoint · step */
  readonly counts: Int32Array;
  /** The same sum of `values`; null where none were given. */
  readonly sums: Float64Array | null;
  /** slot -> what `sums` adds up */
  readonly values: Float32Array | null;
}

/** What a cut keeps of each bucket. */
export interface BucketCounts {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

const CHECKPOINTS = 256;
/** Fewer slots than this are counted faster than a checkpoint is looked up. */
const SHORTEST_STEP = 512;

/** Slots bucket by bucket; those that share one come in the order of their numbers. O(slots). */
export function bucketSlots(bucket: Uint16Array, buckets: number): Pick<SlotTable, 'order' | 'edges'> {
  const edges = new Int32Array(buckets + 1);
  for (let slot = 0; slot < bucket.length; slot++) edges[bucket[slot] + 1]++;
  for (let b = 0; b < buckets; b++) edges[b + 1] += edges[b];
  const next = edges.slice(0, buckets);
  const order = new Int32Array(bucket.length);
  for (let slot = 0; slot < bucket.length; slot++) order[next[bucket[slot]]++] = slot;
  return { order, edges };
}

/** O(slots + checkpoints · buckets). */
export function bucketTable(bucket: Uint16Array, buckets: number, values: Float32Array | null = null): SlotTable {
  const { order, edges } = bucketSlots(bucket, buckets);
  return countTable(order, edges, bucket, values);
}

/** `bucket` says the same as `order` and `edges`. */
export function countTable(order: Int32Array, edges: Int32Array, bucket: Uint16Array, values: Float32Array | null = null): SlotTable {
  const buckets = edges.length - 1;
  const step = Math.max(SHORTEST_STEP, Math.ceil(bucket.length / CHECKPOINTS));
  const checkpoints = Math.floor(bucket.length / step) + 1;
  const counts = new Int32Array(checkpoints * buckets);
  const sums = values && new Float64Array(checkpoints * buckets);
  for (let c = 1; c < checkpoints; c++) {
    const row = c * buckets;
    counts.copyWithin(row, row - buckets, row);
    sums?.copyWithin(row, row - buckets, row);
    for (let slot = (c - 1) * step; slot < c * step; slot++) {
      counts[row + bucket[slot]]++;
      if (sums && values) sums[row + bucket[slot]] += values[slot];
    }
  }
  return { order, edges, bucket, step, counts, sums, values };
}

/** O(buckets + step), and a pass over the slots that only some tasks keep. */
export function countBuckets(table: SlotTable, kept: KeptSlots): BucketCounts {
  const { edges, bucket, step, values } = table;
  const buckets = edges.length - 1;
  const checkpoint = Math.floor(kept.sure / step);
  const row = checkpoint * buckets;
  const counts = new Float64Array(table.counts.subarray(row, row + buckets));
  const sums = table.sums ? table.sums.slice(row, row + buckets) : new Float64Array(buckets);
  const add = (slot: number): void => {
    counts[bucket[slot]]++;
    if (values) sums[bucket[slot]] += values[slot];
  };
  for (let slot = checkpoint * step; slot < kept.sure; slot++) add(slot);
  for (let slot = kept.sure; slot < kept.end; slot++) if (kept.isKept(slot)) add(slot);
  return { counts, sums };
}
