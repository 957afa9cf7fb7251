/** Where the events of trajectories end in tokens, as the rows of their rollouts tell. */
import { unpackBranchEnds } from '../../core/tokens/event-ends.ts';
import type { Dataset } from '../dataset.ts';

/** trajectory -> event -> tokens up to its end; null where the input has no events, as a forest export. */
export function branchEndsOf({ forest, rollouts }: Pick<Dataset['tokens'], 'forest' | 'rollouts'>): (t: number) => Int32Array | null {
  const { rollout, branch } = forest.trajectories;
  let known: { rollout: number; ends: readonly Int32Array[] } | null = null;
  return (t) => {
    const own = rollout[t] ?? 0;
    if (known?.rollout !== own) known = { rollout: own, ends: unpackBranchEnds(rollouts[own]?.eventEnds ?? '') };
    return known.ends[branch[t] ?? 0] ?? null;
  };
}
