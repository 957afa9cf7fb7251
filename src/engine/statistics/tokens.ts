/** How long a node is. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const tokens: NodeStatistic = {
  id: 'tokens',
  label: 'tokens',
  unit: '',
  help: 'Tokens of the node; actions where steps are merged by action.',
  views: ['tokens', 'actions'],
  restsOn: 'forest',
  format: 'count',
  scale: { kind: 'ranks' },
  labelOfActions: 'actions',
  onCard: true,
  inInspector: 'first',
  column({ dataset }, view, first, end) {
    const { edgeStart } = dataset[view].forest;
    return eachNode(first, end, (n) => (edgeStart[n + 1] ?? 0) - (edgeStart[n] ?? 0));
  },
};
