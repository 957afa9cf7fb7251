/** Tags of tasks, and how many there are of each pair. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const coverage: MainView = {
  id: 'coverage',
  label: 'Coverage',
  name: 'Coverage of tags',
  key: 'o',
  help: 'Language, type and scenario of each task: guess them, set them, and see which pairs are empty.',
  tab: 'Studies',
  Component: lazy(() => import('../coverage/coverage-view.tsx').then(({ CoverageView }) => ({ default: CoverageView }))),
  hasColours: false,
};
