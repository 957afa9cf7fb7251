/** What speaks for tags of a rollout's task: endings of files, tools, code fences and words (docs/axes.md). */
import { evidenceOf, type Evidence } from '../../core/axes/evidence.ts';
import type { Survey } from './survey.ts';

export const axes: Survey<null, Evidence> = {
  id: 'axes',
  ask: () => evidenceOf,
};
