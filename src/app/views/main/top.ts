/** The tokens of highest entropy, and the most frequent forks. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const top: MainView = {
  id: 'top',
  label: 'Top tokens',
  name: 'Top tokens',
  key: 't',
  help: 'The 200 tokens of highest entropy, surprisal or mismatch with what stands around them, and the most frequent forks.',
  tab: 'Decisions',
  Component: lazy(() => import('../top/top.tsx').then(({ Top }) => ({ default: Top }))),
  hasColours: false,
};
