/** How unlikely the log says the sampled tokens were. */
import { eachNode, type NodeStatistic } from './statistic.ts';

export const surprisal: NodeStatistic = {
  id: 'surprisal',
  label: 'mean surprisal',
  unit: 'nats',
  help: 'Mean −log p of the sampled tokens whose log-prob is logged.',
  views: ['tokens'],
  restsOn: 'forest',
  format: 'decimal',
  scale: { kind: 'ranks' },
  isOfSampled: true,
  inInspector: 'more',
  column({ dataset }, _view, first, end) {
    const { edgeStart, sampledCount, channels } = dataset.tokens.forest;
    return eachNode(first, end, (n) =>
      channels.surprisal === null || (sampledCount[n] ?? 0) === 0
        ? Number.NaN
        : meanKnown(channels.surprisal, edgeStart[n] ?? 0, edgeStart[n + 1] ?? 0),
    );
  },
};

function meanKnown(column: Float32Array, start: number, end: number): number {
  let sum = 0;
  let count = 0;
  for (let i = start; i < end; i++) {
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
