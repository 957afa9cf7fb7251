/** What each rollout handed in, and what it was asked: texts that candidates of its task are compared, shown and judged by. */
import type { Rollout } from '../../core/model/rollout.ts';
import type { Survey } from './survey.ts';

export interface SubmissionsWanted {
  /** UTF-16 units of a submission that are read; of a longer one only its length is told. */
  readonly longest: number;
}

/** Null: the log does not say what was handed in. */
export type FoundSubmission = { readonly text: string | null; readonly length: number } | null;

export const submissions: Survey<SubmissionsWanted, FoundSubmission> = {
  id: 'submissions',
  ask:
    ({ longest }) =>
    ({ submission }) =>
      submission === undefined ? null : { text: submission.length > longest ? null : submission, length: submission.length },
};

export interface AskedWanted {
  /** UTF-16 units that are read at most. */
  readonly longest: number;
}

export const asked: Survey<AskedWanted, string> = {
  id: 'asked',
  ask:
    ({ longest }) =>
    (rollout) =>
      promptOf(rollout).slice(0, longest),
};

/** What the user says before the policy first speaks. */
function promptOf({ branches }: Rollout): string {
  const events = branches[0]?.events ?? [];
  const first = events.findIndex(({ sampled }) => sampled);
  return events
    .slice(0, first < 0 ? events.length : first)
    .filter(({ role }) => role === 'user')
    .flatMap(({ parts }) => parts.map(({ text }) => text))
    .join('\n\n');
}
