/** How much trajectories have in common. */
import { ONE_CELL, type Plot } from '../plot.ts';

export const sharing: Plot = {
  id: 'sharing',
  label: 'Sharing',
  help: 'POR = 1 − distinct ÷ flat tokens, as if the set were all there is. More rollouts of a task raise it. Tasks are drawn whole.',
  unit: null,
  format: 'percent',
  kind: 'rate',
  measure: () => ({
    ratios: null,
    cells: ONE_CELL,
    ofTasks: ({ byTask: { flat, distinct } }) => ({ top: distinct, below: flat, number: (own, tokens) => 1 - own / tokens }),
  }),
};
