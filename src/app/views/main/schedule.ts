/** When rollouts ran, and what other schedules would make of their work. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const ScheduleView = lazy(() => import('../schedule/schedule-view.tsx').then(({ ScheduleView: View }) => ({ default: View })));

export const schedule: MainView = {
  id: 'schedule',
  label: 'Schedule',
  name: 'Schedule',
  key: 'u',
  help: 'When rollouts generated, called tools and waited; and what other schedules of a cluster would make of the same work.',
  tab: 'Studies',
  Component: ScheduleView,
  hasColours: false,
};
