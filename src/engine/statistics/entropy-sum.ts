/** How undecided the policy was, over the whole node. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const entropySum: NodeStatistic = {
  id: 'entropy-sum',
  label: 'entropy, sum',
  unit: 'nats',
  help: 'Summed entropy of the sampled tokens that have one.',
  views: ['tokens'],
  restsOn: 'scores',
  format: 'decimal',
  isOfSampled: true,
  inInspector: 'more',
  column({ scores }, _view, first, end) {
    const { known, sum } = scores.entropy;
    return eachNode(first, end, (n) => ((known[n] ?? 0) > 0 ? (sum[n] ?? 0) : Number.NaN));
  },
};
