/** What an order and a budget make of a path: which of its nodes are kept and trained, and why the first is dropped that is. */
import { NONE } from '../../core/model/kinds.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { TranscriptState } from '../answers/transcript.ts';
import { whyAnswer } from '../looking.ts';
import type { Keep, Ruling } from '../ruled.ts';

/** @param path nodes, root first */
export function transcriptState(ruling: Ruling, keep: Keep, path: Int32Array): TranscriptState {
  const { forest } = ruling.problem;
  const { entropy } = ruling.scores;
  const limit = path.length === 0 ? 0 : (keep.cut.limit[taskOf(forest, path[0] ?? 0)] ?? 0);
  const kept = Uint8Array.from(path, (node) => ((ruling.order.rank[node] ?? 0) < limit ? 1 : 0));
  const cutStep = kept.indexOf(0);
  return {
    kept,
    trained: Float32Array.from(path, (node) => {
      const tokens = (forest.edgeStart[node + 1] ?? 0) - (forest.edgeStart[node] ?? 0);
      return (forest.sampledCount[node] ?? 0) > 0 ? keep.train.trainedOf(node) / tokens : NaN;
    }),
    entropy: Float32Array.from(path, (node) => {
      const known = entropy.known[node] ?? 0;
      return known > 0 ? (entropy.sum[node] ?? 0) / known : NaN;
    }),
    cutStep: cutStep < 0 ? NONE : cutStep,
    why: cutStep < 0 ? null : whyAnswer(ruling, keep, path[cutStep] ?? 0),
  };
}
