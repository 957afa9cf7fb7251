/** How far behind a version of the policy rollouts were sampled. */
import { columnPlot } from '../column-plot.ts';

export const policyLag = columnPlot({
  id: 'policy-lag',
  label: 'Policy lag',
  help: 'Versions behind the one that is compared with (the newest, unless chosen), as the mean over a rollout’s sampled tokens.',
  unit: 'versions',
  format: 'decimal',
  kind: 'spread',
  column: 'lag_mean',
});
