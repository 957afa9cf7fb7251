/** The forest that a rule works on: without what acts drop, and with loss only where they allow it. */
import type { Forest } from '../model/forest.ts';
import { withLearners } from '../tree/outcome.ts';
import { withoutDropped } from './exclude.ts';
import type { ResolvedActs } from './resolve.ts';

/** Rows stay where they are; the forest itself where acts change nothing of it. O(nodes + trajectories). */
export function actedForest(forest: Forest, { dropped, droppedNodes, untrained, untrainedNodes }: ResolvedActs): Forest {
  const left = withoutDropped(forest, dropped, droppedNodes);
  const learning = untrained === null ? left : withLearners(left, mayTrain(left, untrained));
  if (untrainedNodes === null) return learning;
  return { ...learning, sampledCount: learning.sampledCount.map((count, n) => (untrainedNodes[n] === 1 ? 0 : count)) };
}

/** trajectory -> 1 */
function mayTrain({ trajectories: { rollout, excluded, learners } }: Forest, untrained: Uint8Array): Uint8Array {
  return Uint8Array.from(rollout, (r, t) => (untrained[r] === 1 || excluded?.[t] === 1 || learners?.[t] === 0 ? 0 : 1));
}

/** The forest in which only what an export may write has loss. @param written rollout -> 1; null: all */
export function writtenForest(forest: Forest, written: Uint8Array | null): Forest {
  return written === null
    ? forest
    : withLearners(
        forest,
        mayTrain(
          forest,
          written.map((is) => 1 - is),
        ),
      );
}
