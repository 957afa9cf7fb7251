/** Patches that answer each task: which are equal, and what choosing one by a ranking would solve. Loaded when it is first shown. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const candidates: MainView = {
  id: 'candidates',
  label: 'Candidates',
  name: 'Candidates of each task',
  key: 'v',
  help: 'The patches that answer each task: which are equal, and how often one that a ranking chooses solves it.',
  tab: 'Studies',
  Component: lazy(() => import('../candidates/candidates.tsx').then(({ Candidates }) => ({ default: Candidates }))),
  hasColours: false,
};
