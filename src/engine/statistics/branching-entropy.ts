/** How evenly trajectories part. */
import { partOf, type NodeStatistic } from './statistic.ts';

export const branchingEntropy: NodeStatistic = {
  id: 'branching-entropy',
  label: 'branching entropy',
  unit: 'nats',
  help: 'How evenly trajectories split below this node.',
  views: ['tokens'],
  restsOn: 'forest',
  format: 'decimal',
  inInspector: 'more',
  column: ({ scores }, _view, first, end) => partOf(scores.branchingEntropy, first, end),
};
