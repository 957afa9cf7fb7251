/** What the forest says of each rollout: tokens, once each, however many of its trajectories they lie on. */
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { hasSampled } from '../tree/sampled.ts';

/**
 * Calls `visit` for every node of each rollout, once a rollout, with whether the rollout sampled it. Rollout after rollout, in no
 * order of nodes. O(nodes over all trajectories).
 */
export function eachNodeOfRollouts(forest: Forest, visit: (rollout: number, node: number, sampled: boolean) => void): void {
  const { rollout, leaf, length } = forest.trajectories;
  // Stamps say which rollout saw a node last: as what it sampled, and at all.
  const seen = new Int32Array(forest.length).fill(NONE);
  const sampled = new Int32Array(forest.length).fill(NONE);
  const nodes: number[] = [];
  for (let t = 0; t < length;) {
    const r = rollout[t];
    nodes.length = 0;
    // Trajectories are in the order of their rollouts.
    for (; t < length && rollout[t] === r; t++) {
      for (let n = leaf[t]; n !== NONE; n = forest.parent[n]) {
        if (seen[n] !== r) {
          seen[n] = r;
          nodes.push(n);
        }
        if (sampled[n] !== r && hasSampled(forest, t, n)) sampled[n] = r;
      }
    }
    for (const n of nodes) visit(r, n, sampled[n] === r);
  }
}

/** Columns by rollout. */
export interface RolloutMeasures {
  readonly trajectories: Float64Array;
  /** Distinct tokens. */
  readonly tokens: Float64Array;
  /** Those of them that the rollout sampled. */
  readonly sampled: Float64Array;
  /** Mean entropy of its sampled tokens that have one, in nats; NaN where none has. */
  readonly entropy: Float64Array;
}

/** @param entropyOf node -> sum over its sampled tokens, and how many have a value */
export function measureRollouts(
  forest: Forest,
  rollouts: number,
  entropyOf: { readonly sum: Float64Array; readonly known: Int32Array },
): RolloutMeasures {
  const trajectories = new Float64Array(rollouts);
  const tokens = new Float64Array(rollouts);
  const sampled = new Float64Array(rollouts);
  const sum = new Float64Array(rollouts);
  const known = new Float64Array(rollouts);
  for (let t = 0; t < forest.trajectories.length; t++) trajectories[forest.trajectories.rollout[t]]++;
  eachNodeOfRollouts(forest, (r, n, isSampled) => {
    const run = forest.edgeStart[n + 1] - forest.edgeStart[n];
    tokens[r] += run;
    if (!isSampled) return;
    sampled[r] += run;
    sum[r] += entropyOf.sum[n];
    known[r] += entropyOf.known[n];
  });
  return { trajectories, tokens, sampled, entropy: sum.map((value, r) => (known[r] > 0 ? value / known[r] : Number.NaN)) };
}
