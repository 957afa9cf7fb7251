/** What a node is worth. */
import { partOf, type NodeStatistic } from './statistic.ts';

export const signal: NodeStatistic = {
  id: 'signal',
  label: 'signal',
  unit: '',
  help: 'What “retained” counts: reach × what the sampled tokens are worth, and in RL mode × |mean advantage|.',
  views: ['tokens'],
  restsOn: 'order',
  format: 'decimal',
  scale: { kind: 'ranks' },
  inInspector: 'more',
  column: ({ scores }, _view, first, end) => partOf(scores.signal, first, end),
};
