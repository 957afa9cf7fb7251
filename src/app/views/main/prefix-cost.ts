/** What training costs without and with shared prefixes, and how records fill blocks. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

export const prefixCost: MainView = {
  id: 'prefix-cost',
  label: 'Prefix cost',
  name: 'Prefix cost',
  key: 'q',
  help: 'Tokens, attention and FLOPs that a trainer spends without and with shared prefixes, and records packed into blocks.',
  tab: 'Studies',
  Component: lazy(() => import('../prefix-cost/prefix-cost.tsx').then(({ PrefixCost }) => ({ default: PrefixCost }))),
  hasColours: false,
};
