/** PODS: of each task the rollouts whose rewards vary most. */
import { extremesOrder } from '../reward-variance.ts';
import { byTask, inTurns, listRollouts, turnOrder } from '../rollouts.ts';
import type { PruneStrategy } from '../strategy.ts';

export const pods: PruneStrategy<'pods'> = {
  id: 'pods',
  // Its name while sets were nested greedily.
  formerly: ['max-reward-variance'],
  label: 'max reward variance',
  help:
    'Whole rollouts, of each task those whose rewards vary most, in turns (PODS, arXiv 2504.13818); tasks of equal rewards ' +
    'give no advantage and come last.',
  isBaseline: false,
  mergeable: true,
  order(input) {
    const rollouts = listRollouts(input.problem);
    const { reward } = rollouts;
    const varies: boolean[] = [];
    const ofTask = byTask(rollouts, reward).map((own) => {
      const known = own.filter((r) => !Number.isNaN(reward[r]));
      varies[rollouts.task[own[0]]] = known.some((r) => reward[r] !== reward[known[0]]);
      const order = extremesOrder(known.map((r) => reward[r]));
      return [...order.map((i) => known[i]), ...own.slice(known.length)];
    });
    const tier = (r: number): number => (Number.isNaN(reward[r]) ? 2 : varies[rollouts.task[r]] ? 0 : 1);
    return turnOrder(input, rollouts, inTurns(rollouts, ofTask, tier));
  },
};
