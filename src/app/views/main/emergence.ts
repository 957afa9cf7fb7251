/** Versions of the policy side by side, and what the selection by the tree prefers. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const emergence: MainView = {
  id: 'emergence',
  label: 'Emergence',
  name: 'Emergence',
  key: 'y',
  help: 'Turns, parallel calls and tools by version of the policy, and whether the selection prefers short paths and parallel calls.',
  tab: 'Studies',
  Component: lazy(() => import('../emergence/emergence-view.tsx').then(({ EmergenceView }) => ({ default: EmergenceView }))),
  hasColours: false,
};
