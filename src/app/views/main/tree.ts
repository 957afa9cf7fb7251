/** The tree as nodes and links. */
import { Drawn } from './drawn.ts';
import type { MainView } from './main-view.ts';

export const tree: MainView = {
  id: 'tree',
  label: 'Tree',
  name: 'Tidy tree',
  key: '3',
  help: 'A tidy tree of nodes and links.',
  tab: 'Tree',
  Component: Drawn,
  arrangement: 'tree',
  hasColours: true,
};
