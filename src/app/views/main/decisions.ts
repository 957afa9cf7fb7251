/** The forks of a task's action tree. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const decisions: MainView = {
  id: 'decisions',
  label: 'Decisions',
  name: 'Decisions',
  key: '7',
  help: 'Where rollouts part in what they do, and how that goes for them.',
  tab: 'Decisions',
  Component: lazy(() => import('../decisions/decisions.tsx').then(({ Decisions }) => ({ default: Decisions }))),
  hasColours: false,
};
