/** Rollouts beside the ground truths of their tasks. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const truths: MainView = {
  id: 'truths',
  label: 'Ground truths',
  name: 'Ground truths',
  key: 'r',
  help: 'How far rollouts are from ground truths of their tasks, rewards relative to them, and what stopping early would save and lose.',
  tab: 'Studies',
  Component: lazy(() => import('../truths/truths.tsx').then(({ Truths }) => ({ default: Truths }))),
  hasColours: false,
};
