/** How undecided the policy was, per token. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const entropy: NodeStatistic = {
  id: 'entropy',
  label: 'mean entropy',
  unit: 'nats',
  help: 'Mean entropy of the sampled tokens that have one.',
  views: ['tokens'],
  restsOn: 'scores',
  format: 'decimal',
  scale: { kind: 'ranks' },
  isOfSampled: true,
  shortLabel: 'entropy',
  isEntropy: true,
  onCard: true,
  inInspector: 'first',
  column({ scores }, _view, first, end) {
    const { known, sum } = scores.entropy;
    return eachNode(first, end, (n) => ((known[n] ?? 0) > 0 ? (sum[n] ?? 0) / (known[n] ?? 0) : Number.NaN));
  },
};
