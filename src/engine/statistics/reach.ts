/** How many trajectories pass. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const reach: NodeStatistic = {
  id: 'reach',
  label: 'reach',
  unit: '',
  help: 'Trajectories through the node, of all of the task.',
  views: ['tokens', 'actions'],
  restsOn: 'forest',
  format: 'of',
  scale: { kind: 'ranks' },
  onCard: true,
  inInspector: 'first',
  column({ dataset }, view, first, end) {
    const { reachCount } = dataset[view].forest;
    return eachNode(first, end, (n) => reachCount[n] ?? 0);
  },
};
