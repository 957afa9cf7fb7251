/** What became of the trajectories that pass. */
import { meanThrough } from '../../core/signal/mean.ts';
import { partOf, type NodeStatistic } from './statistic.ts';

export const reward: NodeStatistic = {
  id: 'reward',
  label: 'mean reward',
  unit: '',
  help: 'Mean reward of the trajectories that pass.',
  views: ['tokens', 'actions'],
  restsOn: 'forest',
  format: 'decimal',
  scale: { kind: 'diverging', around: 'mean' },
  atEnds: true,
  inSummary: true,
  onCard: true,
  inInspector: 'more',
  column({ dataset, scores }, view, first, end) {
    const { forest } = dataset.actions;
    return partOf(view === 'tokens' ? scores.meanReward : meanThrough(forest, forest.trajectories.reward), first, end);
  },
};
