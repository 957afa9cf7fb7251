/** The nodes beyond deviation: every rollout through them has deviated before it came there. */
import { MAX_ACT_KEYS } from '../../../base/bounds.ts';
import { NONE } from '../../../core/model/kinds.ts';
import { nodeKeyOf } from '../../../core/model/node-key.ts';
import { unpackBranchEnds } from '../../../core/tokens/event-ends.ts';
import { stopAt } from '../../../core/truths/stopping.ts';
import type { TruthsBeyond } from '../../answers/truths.ts';
import { inParts } from './answer.ts';
import type { TruthStudy } from './study.ts';

/** @param threshold in calls. O(nodes + trajectories) */
export function truthsBeyond(study: TruthStudy, threshold: number): TruthsBeyond {
  const { forest } = study.dataset.tokens;
  const { limits, rollouts } = trajectoryLimits(study, inParts(threshold));
  // node -> depth from which on all who pass it have deviated
  const beyond = new Float64Array(forest.length).fill(-1);
  for (let t = 0; t < limits.length; t++) {
    const leaf = forest.trajectories.leaf[t] ?? NONE;
    if (leaf !== NONE) beyond[leaf] = Math.max(beyond[leaf] ?? -1, limits[t] ?? Infinity);
  }
  for (let n = forest.length - 1; n >= 0; n--) {
    const parent = forest.parent[n] ?? NONE;
    if (parent !== NONE) beyond[parent] = Math.max(beyond[parent] ?? -1, beyond[n] ?? -1);
  }
  const isBeyond = (n: number): boolean => (beyond[n] ?? Infinity) <= (forest.depth[n] ?? 0);
  const nodes: string[] = [];
  let of = 0;
  let sampled = 0;
  for (let n = 0; n < forest.length; n++) {
    if (!isBeyond(n)) continue;
    if ((forest.sampledCount[n] ?? 0) > 0) sampled += (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0);
    const parent = forest.parent[n] ?? NONE;
    if (parent !== NONE && isBeyond(parent)) continue;
    of++;
    if (nodes.length < MAX_ACT_KEYS) nodes.push(nodeKeyOf(forest.keys, n));
  }
  return { nodes, of, rollouts, sampled };
}

/** trajectory -> tokens up to the end of the call at which its rollout is stopped; 0 in later branches, Infinity where it is not. */
function trajectoryLimits({ dataset, deviations, made, measured }: TruthStudy, limit: number): { limits: Float64Array; rollouts: number } {
  const { forest, rollouts } = dataset.tokens;
  const { rollout, branch, length } = forest.trajectories;
  const limits = new Float64Array(length).fill(Infinity);
  const stopped = new Set<number>();
  for (let t = 0; t < length; t++) {
    const r = rollout[t] ?? 0;
    const deviation = deviations[r] ?? null;
    const stop = deviation === null ? NONE : stopAt(deviation, limit);
    const call = made[r]?.calls[measured[r]?.compared[deviation?.calls[stop] ?? NONE] ?? NONE];
    if (call === undefined) continue;
    stopped.add(r);
    const own = branch[t] ?? 0;
    if (own > call.branch) limits[t] = 0;
    else if (own === call.branch) limits[t] = unpackBranchEnds(rollouts[r]?.eventEnds ?? '')[own]?.[call.event] ?? Infinity;
  }
  return { limits, rollouts: stopped.size };
}
