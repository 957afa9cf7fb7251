/** How much is still undecided from a node on. */
import { partOf, type NodeStatistic } from './statistic.ts';

export const longTermEntropy: NodeStatistic = {
  id: 'long-term-entropy',
  label: 'long-term entropy',
  unit: 'nats',
  help: 'The node’s own entropy and, weighted by reach, that of everything below it.',
  views: ['tokens'],
  restsOn: 'order',
  format: 'decimal',
  scale: { kind: 'ranks' },
  inInspector: 'more',
  column: ({ scores }, _view, first, end) => partOf(scores.lte, first, end),
};
