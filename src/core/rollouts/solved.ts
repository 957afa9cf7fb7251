/** What counts as solved, and the figures of a group of rollouts. */
import { intervalMethod, meanInterval, momentsOf, type IntervalMethod, type MeanInterval } from '../decisions/mean-interval.ts';

/** As everywhere in the product: a reward above 0. Where rewards are graded, tables call it so, and not solved. */
function isSolved(reward: number): boolean {
  return reward > 0;
}

export interface GroupReward extends MeanInterval {
  readonly rollouts: number;
  readonly solved: number;
  readonly method: IntervalMethod;
}

/** @param rewards of the group's rollouts, NaN where unknown. @param method of the log; absent: of these rewards */
export function groupReward(rewards: ArrayLike<number> & Iterable<number>, method = intervalMethod(rewards)): GroupReward {
  let solved = 0;
  for (let i = 0; i < rewards.length; i++) if (isSolved(rewards[i])) solved++;
  return { ...meanInterval(momentsOf(rewards), method), rollouts: rewards.length, solved, method };
}
