/** How old the policy was that wrote a rollout. */
import { columnPlot } from '../column-plot.ts';

export const staleness = columnPlot({
  id: 'staleness',
  label: 'Staleness',
  help: 'Versions of the policy between the one that began a rollout and the newest in the log; only versions that are logged as numbers.',
  unit: 'versions',
  format: 'decimal',
  kind: 'spread',
  column: 'staleness',
});
