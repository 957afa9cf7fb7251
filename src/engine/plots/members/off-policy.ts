/** How much of the rollouts another version of the policy sampled. */
import { columnPlot } from '../column-plot.ts';

export const offPolicy = columnPlot({
  id: 'off-policy',
  label: 'Off-policy tokens',
  help: 'Share of a rollout’s sampled tokens of another version of the policy than the one that is compared with.',
  unit: null,
  format: 'percent',
  kind: 'spread',
  column: 'off_policy',
});
