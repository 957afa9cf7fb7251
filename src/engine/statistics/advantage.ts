/** How much better than their group the trajectories that pass did. */
import { partOf, type NodeStatistic } from './statistic.ts';

export const advantage: NodeStatistic = {
  id: 'advantage',
  label: 'mean advantage',
  unit: '',
  help: 'Mean advantage of the trajectories that pass, as the rule computes it.',
  views: ['tokens'],
  restsOn: 'order',
  format: 'signed',
  scale: { kind: 'diverging', around: 'zero' },
  inSummary: true,
  inInspector: 'more',
  column: ({ scores }, _view, first, end) => partOf(scores.meanAdvantage, first, end),
};
