/** Two rollouts side by side. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const side: MainView = {
  id: 'side',
  label: 'Side by side',
  name: 'Two rollouts side by side',
  key: '8',
  help: 'Any two rollouts, aligned by what they do, with the first difference marked.',
  tab: 'Decisions',
  Component: lazy(() => import('../side/side.tsx').then(({ Side }) => ({ default: Side }))),
  hasColours: false,
};
