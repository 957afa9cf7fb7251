/** What best-first ranks by. */
import { partOf, type NodeStatistic } from './statistic.ts';

export const importance: NodeStatistic = {
  id: 'importance',
  label: 'importance',
  unit: '',
  help: 'The number that this rule ranks nodes by.',
  views: ['tokens'],
  restsOn: 'order',
  format: 'decimal',
  scale: { kind: 'ranks' },
  inInspector: 'first',
  column: ({ scores }, _view, first, end) => partOf(scores.importance, first, end),
};
