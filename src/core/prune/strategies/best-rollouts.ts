/** Best of k: the rollouts with the highest rewards, as rejection sampling fine-tuning takes them. */
import { areBinary, byTask, inTurns, listRollouts, turnOrder } from '../rollouts.ts';
import type { PruneStrategy } from '../strategy.ts';

export const bestRollouts: PruneStrategy<'best-rollouts'> = {
  id: 'best-rollouts',
  label: 'best rollouts',
  help:
    'Whole rollouts, the best k of each task in turns (rejection sampling, arXiv 2308.01825); where rewards are 0 or 1, ' +
    'failures after all successes; unknown rewards last.',
  isBaseline: false,
  mergeable: true,
  order(input) {
    const rollouts = listRollouts(input.problem);
    const { reward } = rollouts;
    const isBinary = input.problem.whole?.hasBinaryRewards ?? areBinary(rollouts);
    const tier = (r: number): number => (Number.isNaN(reward[r]) ? 2 : isBinary && reward[r] === 0 ? 1 : 0);
    return turnOrder(input, rollouts, inTurns(rollouts, byTask(rollouts, reward), tier));
  },
};
