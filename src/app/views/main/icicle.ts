/** The tree as an icicle, in its own order. */
import { TreeHost } from '../tree/tree-host.tsx';
import type { MainView } from './main-view.ts';

export const icicle: MainView = {
  id: 'icicle',
  label: 'Icicle',
  name: 'Icicle',
  key: '1',
  help: 'Width is tokens, height is reach, in the order of the tree.',
  tab: 'Tree',
  Component: TreeHost,
  arrangement: 'icicle',
  hasColours: true,
};
