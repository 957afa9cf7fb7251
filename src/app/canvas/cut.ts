/** What a pruning keeps, as the pictures draw it. */
import type { NodeMarks } from './filter-marks.ts';

/** kept(n) = rank[n] < cut; no rank: everything is kept. */
export interface Cut {
  readonly rank: Int32Array | null;
  readonly cut: number;
  /** node -> share of its sampled tokens that carry loss, NaN where it is not sampled; absent: not drawn */
  readonly trained?: Float32Array | null;
  /** What the filter says of the nodes; absent: there is none. */
  readonly marks?: NodeMarks | null;
  /** node -> bits of `KEPT_BY`: which of two settings keep it; absent: nothing is compared */
  readonly compared?: Uint8Array | null;
}
