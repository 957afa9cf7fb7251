/** The reward that a rule goes by: as logged, or relative to ground truths where the rule says so. */
import type { Forest } from '../model/forest.ts';

/** trajectory -> reward, NaN where unknown */
export function ruledReward({ trajectories }: Pick<Forest, 'trajectories'>): Float64Array {
  return trajectories.relative ?? trajectories.reward;
}

/** The forest as a rule with relative rewards sees it; what was there before acts, too. @param rewards rollout -> reward, NaN unknown */
export function withRelativeRewards(forest: Forest, rewards: Float64Array): Forest {
  const relative = Float64Array.from(forest.trajectories.rollout, (r) => rewards[r]);
  return {
    ...forest,
    trajectories: { ...forest.trajectories, relative },
    ...(forest.before === undefined ? {} : { before: withRelativeRewards(forest.before, rewards) }),
  };
}
