/** The trajectories, one below the other. */
import { TreeHost } from '../tree/tree-host.tsx';
import type { MainView } from './main-view.ts';

export const rollouts: MainView = {
  id: 'rollouts',
  label: 'Trajectories',
  name: 'Trajectories',
  key: '4',
  help: 'Every trajectory written out in a row of its own.',
  tab: 'Tree',
  Component: TreeHost,
  arrangement: 'rollouts',
  hasColours: true,
};
