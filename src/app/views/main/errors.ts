/** Turns that went wrong, by rules that can be on or off, and what masking them takes. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const ErrorsView = lazy(() => import('../errors/errors-view.tsx').then(({ ErrorsView: View }) => ({ default: View })));

export const errors: MainView = {
  id: 'errors',
  label: 'Errors',
  name: 'Errors',
  key: 'b',
  help: 'Turns that went wrong, rule by rule: how many, whether a later turn corrects them, and the loss that masking them takes.',
  tab: 'Studies',
  Component: ErrorsView,
  hasColours: false,
};
