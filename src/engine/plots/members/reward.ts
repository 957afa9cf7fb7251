/** What rollouts were rewarded with. */
import { columnPlot } from '../column-plot.ts';

export const reward = columnPlot({
  id: 'reward',
  label: 'Reward',
  help: 'Reward of a rollout, as logged.',
  unit: null,
  format: 'decimal',
  kind: 'spread',
  column: 'reward',
});
