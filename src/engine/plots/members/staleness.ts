/** How old the policy was that wrote a rollout. */
import { columnPlot } from '../column-plot.ts';

export const staleness = columnPlot({
  id: 'staleness',
  label: 'Staleness',
  help: 'Policy versions from the first to the last that sampled a rollout, where the log tells spans of versions.',
  unit: 'versions',
  format: 'decimal',
  kind: 'spread',
  column: 'staleness',
});
