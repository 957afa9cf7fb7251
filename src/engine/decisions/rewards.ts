/** Rewards of a dataset as forks of decisions see them: made once, and forgotten with the dataset. */
import { rewardsOf, type Rewards } from '../../core/decisions/fork-figures.ts';
import type { Dataset } from '../dataset.ts';

const made = new WeakMap<Dataset, Rewards>();

export function decisionRewards(dataset: Dataset): Rewards {
  let rewards = made.get(dataset);
  if (rewards === undefined) {
    rewards = rewardsOf(
      dataset.actions.forest,
      dataset.tokens.rollouts.map(({ reward }) => reward),
    );
    made.set(dataset, rewards);
  }
  return rewards;
}
