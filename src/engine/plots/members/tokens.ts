/** How long rollouts are. */
import { columnPlot } from '../column-plot.ts';

export const tokens = columnPlot({
  id: 'tokens',
  label: 'Tokens',
  help: 'Distinct tokens of a rollout, prompts and results included.',
  unit: 'tokens',
  format: 'count',
  kind: 'spread',
  column: 'tokens',
});
