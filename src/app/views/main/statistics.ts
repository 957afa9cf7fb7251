/** Statistics of the rollouts that the filter leaves. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const StatisticsView = lazy(() => import('../statistics/statistics-view.tsx').then(({ StatisticsView: View }) => ({ default: View })));

export const statistics: MainView = {
  id: 'statistics',
  label: 'Statistics',
  name: 'Statistics',
  key: '9',
  help: 'Turns, tools, entropy, reward and sharing of the rollouts that the filter leaves, and of two sets of them with intervals.',
  tab: 'Statistics',
  Component: StatisticsView,
  hasColours: false,
};
