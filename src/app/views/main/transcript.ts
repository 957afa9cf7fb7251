/** One rollout, read from start to end. */
import { lazy } from 'react';
import type { MainView } from './main-view.ts';

const Transcript = lazy(() => import('../transcript/transcript-view.tsx').then(({ TranscriptView }) => ({ default: TranscriptView })));

export const transcript: MainView = {
  id: 'transcript',
  label: 'Transcript',
  name: 'Transcript',
  key: '5',
  help: 'One rollout as a conversation, with what is kept and trained beside it.',
  tab: 'Transcript',
  Component: Transcript,
  hasPath: true,
  hasColours: false,
};
