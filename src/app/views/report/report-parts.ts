/** What a report can be made of, and a person's choice of it. */
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';

export const REPORT_PARTS = [
  { id: 'open', label: 'What is open', about: 'Files, counts and where entropy comes from' },
  { id: 'settings', label: 'Settings and command line', about: 'Every setting, and the command that writes the same bytes' },
  { id: 'figures', label: 'Figures of the budget', about: 'Before and after' },
  { id: 'curve', label: 'Curve of the budget', about: 'A picture' },
  { id: 'view', label: 'The view on the screen', about: 'A picture, its plots, or what it lists' },
  { id: 'rollouts', label: 'Rollouts that the filter takes', about: 'The first 500' },
  { id: 'notes', label: 'Notes and labels', about: 'As you wrote them' },
  { id: 'transcripts', label: 'Transcripts', about: 'The selected rollout, and those that you tick' },
] as const;

export type ReportPartId = (typeof REPORT_PARTS)[number]['id'];

export interface ReportChoice {
  readonly title: string;
  readonly parts: ReadonlySet<ReportPartId>;
  /** Rollouts whose transcripts are written out, in their order. */
  readonly rollouts: readonly RolloutKey[];
  readonly isRedacted: boolean;
}

/** Transcripts that a report holds at most. */
export const MOST_TRANSCRIPTS = 10;
