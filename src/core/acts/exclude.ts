/**
 * A forest without what acts drop. Rows stay where they are, so whatever is parallel to nodes or trajectories stays so; what is
 * dropped has g = s = 0 and is marked `excluded`.
 */
import type { Forest } from '../model/forest.ts';
import { FLAG, NONE } from '../model/kinds.ts';
import { hasSampled } from '../tree/sampled.ts';

/**
 * Trajectories of the dropped rollouts leave g, s and K; nodes that only they pass are excluded, and so are dropped nodes with all
 * below them, and what above them could then no longer end a path. O(nodes + trajectories).
 * @param rollouts rollout -> 1: dropped. @param nodes node -> 1: dropped by hand, closed under descendants
 */
export function withoutDropped(forest: Forest, rollouts: Uint8Array | null, nodes: Uint8Array | null): Forest {
  if (rollouts === null && nodes === null) return forest;
  const table = forest.trajectories;
  const gone = Uint8Array.from(table.rollout, (r) => rollouts?.[r] ?? 0);
  const excluded = excludedNodes(forest, gone, nodes);
  const leaf = table.leaf.slice();
  const cutShort = new Uint8Array(table.length);
  for (let t = 0; t < table.length; t++) {
    if (gone[t] === 1 || excluded[leaf[t]] === 0) continue;
    let n = leaf[t];
    while (n !== NONE && excluded[n] === 1) n = forest.parent[n];
    // One of which nothing remains counts for as little as that of a dropped rollout.
    if (n === NONE) gone[t] = 1;
    else {
      leaf[t] = n;
      cutShort[t] = 1;
    }
  }
  const counts = remaining(forest, gone);
  const reachCount = counts.reachCount.map((count, n) => (excluded[n] === 1 ? 0 : count));
  const sampledCount = forest.sampledCount.map((count, n) => {
    if (count === 0 || reachCount[n] === 0) return 0;
    if (count === forest.reachCount[n]) return reachCount[n];
    let sampled = 0;
    for (let i = 0; i < reachCount[n]; i++) if (hasSampled(forest, counts.trajectoryOrder[counts.reachStart[n] + i], n)) sampled++;
    return sampled;
  });
  return {
    ...forest,
    ...counts,
    reachCount,
    sampledCount,
    flags: closedAtEnds(forest, excluded),
    excluded,
    before: forest.before ?? forest,
    trajectories: { ...table, leaf, excluded: gone, cutShort },
  };
}

/** node -> 1: nothing of it remains. @param gone trajectory -> 1 */
function excludedNodes(forest: Forest, gone: Uint8Array, nodes: Uint8Array | null): Uint8Array {
  const { reachCount } = remaining(forest, gone);
  const excluded = Uint8Array.from(reachCount, (count, n) => (count === 0 || nodes?.[n] === 1 ? 1 : 0));
  if (nodes === null) return excluded;
  const mayEnd = new Uint8Array(forest.length);
  for (let t = 0; t < gone.length; t++) if (gone[t] === 0) mayEnd[forest.trajectories.leaf[t]] = 1;
  // Children come after their parents: a backward pass knows them all.
  for (let n = forest.length - 1; n >= 0; n--) {
    if (excluded[n] === 0 && mayEnd[n] === 0 && (forest.flags[n] & FLAG.open) !== 0) excluded[n] = 1;
    const p = forest.parent[n];
    if (excluded[n] === 0 && p !== NONE) mayEnd[p] = 1;
  }
  return excluded;
}

/** Trajectories that remain, and how they pass the nodes. */
function remaining(forest: Forest, gone: Uint8Array): Pick<Forest, 'trajectoryOrder' | 'trajectoryStart' | 'reachStart' | 'reachCount'> {
  const before = new Int32Array(forest.trajectoryOrder.length + 1);
  for (let i = 0; i < forest.trajectoryOrder.length; i++) before[i + 1] = before[i] + 1 - gone[forest.trajectoryOrder[i]];
  return {
    trajectoryOrder: forest.trajectoryOrder.filter((t) => gone[t] === 0),
    trajectoryStart: forest.trajectoryStart.map((at) => before[at]),
    reachStart: forest.reachStart.map((at) => before[at]),
    reachCount: forest.reachCount.map((count, n) => before[forest.reachStart[n] + count] - before[forest.reachStart[n]]),
  };
}

/** Flags in which nothing is open that nothing can follow any more. */
function closedAtEnds(forest: Forest, excluded: Uint8Array): Uint8Array {
  const hasChild = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++) if (excluded[n] === 0 && forest.parent[n] !== NONE) hasChild[forest.parent[n]] = 1;
  return forest.flags.map((flags, n) => (hasChild[n] === 1 ? flags : flags & ~FLAG.open));
}
