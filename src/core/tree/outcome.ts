/** A forest in which only some rollouts may train: the others keep their place as context, as if nobody had sampled them. */
import type { Forest } from '../model/forest.ts';
import { hasSampled } from './sampled.ts';

/** `successes`: trajectories with a reward above 0; where no trajectory of the forest has a reward, all. */
export type Outcome = 'all' | 'successes';

/** trajectory -> 1: it may carry loss; null: all may. */
function learners(
  { trajectories: { reward, learners: before } }: Forest,
  outcome: Outcome,
  hasRewards: boolean,
): Uint8Array<ArrayBuffer> | null {
  if (outcome === 'all' || !hasRewards) return null;
  return Uint8Array.from(reward, (value, t) => (value > 0 && before?.[t] !== 0 ? 1 : 0));
}

/**
 * The same forest with `sampledCount` and sampled runs of the learners only, and `learners` set; the forest itself where all
 * are. O(nodes + trajectories), and the path of each node where trajectories disagree.
 * @param hasRewards some rollout of the log has a reward: of all of it, where the forest is a part
 */
export function withOutcome(
  forest: Forest,
  outcome: Outcome,
  hasRewards = !forest.trajectories.reward.every((reward) => Number.isNaN(reward)),
): Forest {
  const counts = learners(forest, outcome, hasRewards);
  return counts === null ? forest : withLearners(forest, counts);
}

/**
 * The forest in which only trajectories whose every node is kept may train, and of them those that may without it: what
 * remains where rollouts are chosen whole. @param kept node -> 1 = kept, closed under parents
 */
export function withKeptWhole(forest: Forest, kept: Uint8Array): Forest {
  const { leaf, learners: before, cutShort } = forest.trajectories;
  return withLearners(
    forest,
    Uint8Array.from(leaf, (n, t) => (kept[n] === 1 && before?.[t] !== 0 && cutShort?.[t] !== 1 ? 1 : 0)),
  );
}

/** The forest in which only these may train. @param counts trajectory -> 1: it may */
export function withLearners(forest: Forest, counts: Uint8Array): Forest {
  const { trajectories, trajectoryOrder, reachStart, reachCount } = forest;
  const before = new Int32Array(trajectoryOrder.length + 1);
  for (let i = 0; i < trajectoryOrder.length; i++) before[i + 1] = before[i] + counts[trajectoryOrder[i]];
  const sampledCount = forest.sampledCount.map((count, n) => {
    const from = reachStart[n];
    const to = from + reachCount[n];
    if (count === 0 || count === reachCount[n]) return count === 0 ? 0 : before[to] - before[from];
    let sampled = 0;
    for (let i = from; i < to; i++) {
      const t = trajectoryOrder[i];
      if (counts[t] === 1 && hasSampled(forest, t, n)) sampled++;
    }
    return sampled;
  });
  const runs: number[] = [];
  const sampledStart = new Int32Array(trajectories.length + 1);
  for (let t = 0; t < trajectories.length; t++) {
    if (counts[t] === 1) {
      for (let i = trajectories.sampledStart[t]; i < trajectories.sampledStart[t + 1]; i++) runs.push(trajectories.sampledRuns[i]);
    }
    sampledStart[t + 1] = runs.length;
  }
  return {
    ...forest,
    sampledCount,
    trajectories: { ...trajectories, sampledStart, sampledRuns: Int32Array.from(runs), learners: counts },
  };
}

const made = new WeakMap<Forest, Forest>();

/** `withOutcome`, made once for a forest. */
export function learningForest(forest: Forest, outcome: Outcome, hasRewards?: boolean): Forest {
  if (outcome === 'all') return forest;
  const known = made.get(forest) ?? withOutcome(forest, outcome, hasRewards);
  made.set(forest, known);
  return known;
}
