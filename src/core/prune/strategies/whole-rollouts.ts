/** Whole rollouts at random: what anyone would take who has no tree. */
import { listRollouts, rolloutOrder } from '../rollouts.ts';
import { makeRandom } from '../seeded.ts';
import type { PruneStrategy } from '../strategy.ts';

export const wholeRollouts: PruneStrategy<'whole-rollouts'> = {
  id: 'whole-rollouts',
  label: 'whole rollouts',
  help: 'Baseline: whole rollouts at random, each task alike where the budget is per task; export them with kept-mean weights.',
  isBaseline: true,
  acrossTasks: true,
  isBand: true,
  line: 'dashed',
  order(input) {
    const rollouts = listRollouts(input.problem);
    const random = makeRandom(input.seed);
    const order = Int32Array.from({ length: rollouts.length }, (_, r) => r);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return rolloutOrder(input, rollouts, order);
  },
};
