/** How many turns a rollout has. */
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { ONE_CELL, type Plot } from '../plot.ts';

export const turns: Plot = {
  id: 'turns',
  label: 'Turns',
  help: 'Turns of a rollout: model calls with their answers.',
  unit: 'turns',
  format: 'decimal',
  kind: 'spread',
  measure: ({ turns: { turns } }) => ({ ratios: denseRatios(turns, null), cells: ONE_CELL, values: { column: 'turns', of: turns } }),
};
