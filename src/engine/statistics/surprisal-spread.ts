/** How far rollouts disagree about the likelihood of the same token. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const surprisalSpread: NodeStatistic = {
  id: 'surprisal-spread',
  label: 'surprisal spread',
  unit: 'nats',
  help: 'Largest standard deviation of one token’s surprisal across rollouts.',
  views: ['tokens'],
  restsOn: 'forest',
  format: 'decimal',
  inInspector: 'more',
  column: ({ dataset }, _view, first, end) => {
    const spread = dataset.tokens.forest.surprisalSpread;
    return eachNode(first, end, (n) => spread?.[n] ?? Number.NaN);
  },
};
