/** The tree as an icicle, in its own order. */
import { Drawn } from './drawn.ts';
import type { MainView } from './main-view.ts';

export const icicle: MainView = {
  id: 'icicle',
  label: 'Icicle',
  name: 'Icicle',
  key: '1',
  help: 'Width is tokens, height is reach, in the order of the tree.',
  tab: 'Tree',
  Component: Drawn,
  arrangement: 'icicle',
  hasColours: true,
};
