/** The tree as an icicle, the most shared branch first. */
import { Drawn } from './drawn.ts';
import type { MainView } from './main-view.ts';

export const leftHeavy: MainView = {
  id: 'left-heavy',
  label: 'Left-heavy',
  name: 'Left-heavy',
  key: '2',
  help: 'The most reached child first.',
  tab: 'Tree',
  Component: Drawn,
  arrangement: 'left-heavy',
  hasColours: true,
};
