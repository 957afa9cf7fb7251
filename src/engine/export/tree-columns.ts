/** The columns of packed trees, once for all encodings; docs/formats/tree.md says what they hold. */
import type { PackedRow } from './tree-tasks.ts';

export type TreeColumn = { readonly name: string } & (
  | { readonly kind: 'integers'; of(row: PackedRow): Int32Array }
  /** NaN: unknown. `isOptional`: none of a row's values may be known. */
  | { readonly kind: 'floats'; readonly isOptional: boolean; of(row: PackedRow): Float64Array | Float32Array }
  | { readonly kind: 'lists'; of(row: PackedRow): readonly Int32Array[] }
  | { readonly kind: 'texts'; of(row: PackedRow): readonly string[] }
);

/** In the order in which they are written. */
export const TREE_COLUMNS: readonly TreeColumn[] = [
  { name: 'input_ids', kind: 'integers', of: ({ row }) => row.ids },
  { name: 'position_ids', kind: 'integers', of: ({ row }) => row.positions },
  { name: 'segment_offsets', kind: 'integers', of: ({ row }) => row.segmentOffsets },
  { name: 'segment_parents', kind: 'integers', of: ({ row }) => row.segmentParents },
  { name: 'node_lengths', kind: 'integers', of: ({ row }) => nodeLengths(row.segmentOffsets) },
  { name: 'sample_paths', kind: 'lists', of: ({ row }) => row.samplePaths },
  { name: 'sample_tasks', kind: 'texts', of: ({ origins }) => origins.map(({ task }) => task) },
  { name: 'sample_rollouts', kind: 'texts', of: ({ origins }) => origins.map(({ rollout }) => rollout) },
  { name: 'pred_index', kind: 'integers', of: ({ row }) => row.predIndex },
  { name: 'target_id', kind: 'integers', of: ({ row }) => row.targetId },
  { name: 'loss_weight', kind: 'floats', isOptional: false, of: ({ row }) => row.weight },
  { name: 'old_log_prob', kind: 'floats', isOptional: true, of: ({ row }) => row.logprob },
  { name: 'advantage', kind: 'floats', isOptional: true, of: ({ row }) => row.advantage },
  { name: 'sample_id', kind: 'integers', of: ({ row }) => row.sampleId },
];

/** Some value is. */
export function isKnown(values: Float64Array | Float32Array): boolean {
  return values.some((value) => !Number.isNaN(value));
}

/** segment -> its tokens */
function nodeLengths(offsets: Int32Array): Int32Array {
  return Int32Array.from({ length: offsets.length - 1 }, (_, s) => (offsets[s + 1] ?? 0) - (offsets[s] ?? 0));
}
