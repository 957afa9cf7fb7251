/** Two settings of pruning against each other. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const CompareView = lazy(() => import('../compare/compare-view.tsx').then(({ CompareView: View }) => ({ default: View })));

export const compare: MainView = {
  id: 'compare',
  label: 'Compare',
  name: 'Compare settings',
  key: 'c',
  help: 'Keep the settings in force as A, change them, and see what both keep and what one alone keeps.',
  tab: 'Compare',
  Component: CompareView,
  hasColours: false,
};
