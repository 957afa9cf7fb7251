/** How much trajectories have in common. */
import { ONE_CELL, type Plot } from '../plot.ts';

export const sharing: Plot = {
  id: 'sharing',
  label: 'Sharing',
  help: 'POR = 1 − distinct ÷ flat tokens, as if the set were all there is. It rises with the rollouts of a task, and has no interval.',
  unit: null,
  format: 'percent',
  kind: 'rate',
  measure: () => ({
    ratios: null,
    cells: ONE_CELL,
    ofSets: ({ flat, distinct }) => flat.map((tokens, set) => (tokens > 0 ? 1 - (distinct[set] ?? 0) / tokens : Number.NaN)),
  }),
};
