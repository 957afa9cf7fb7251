/** The tree as an icicle, the most shared branch first. */
import { TreeHost } from '../tree/tree-host.tsx';
import type { MainView } from './main-view.ts';

export const leftHeavy: MainView = {
  id: 'left-heavy',
  label: 'Left-heavy',
  name: 'Left-heavy',
  key: '2',
  help: 'The most reached child first.',
  tab: 'Tree',
  Component: TreeHost,
  arrangement: 'left-heavy',
  hasColours: true,
};
