/** The rollouts as rows of a table. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const RolloutTable = lazy(() => import('../table/rollout-table.tsx').then(({ RolloutTable: Table }) => ({ default: Table })));

export const table: MainView = {
  id: 'table',
  label: 'Rollouts',
  name: 'Rollout table',
  key: '6',
  help: 'One row a rollout: sort, filter, and save as CSV.',
  tab: 'Rollouts',
  Component: RolloutTable,
  hasColours: false,
};
