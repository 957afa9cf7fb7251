/** The trajectories, one below the other. */
import { Drawn } from './drawn.ts';
import type { MainView } from './main-view.ts';

export const rollouts: MainView = {
  id: 'rollouts',
  label: 'Trajectories',
  name: 'Trajectories',
  key: '4',
  help: 'Every trajectory written out in a row of its own.',
  tab: 'Tree',
  Component: Drawn,
  arrangement: 'rollouts',
  hasColours: true,
};
