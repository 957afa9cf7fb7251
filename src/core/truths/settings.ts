/** What a person chooses about ground truths; all of it decides rewards, so it stands in a rule as a whole. */
import type { RolloutKey } from '../rollouts/rollout-key.ts';

export const TRUTH_CHOICES = {
  from: [
    {
      id: 'auto',
      label: 'references, else solved',
      help: 'References where the log or a file beside it has any; else rollouts with success.',
    },
    { id: 'references', label: 'references', help: 'What the log or a file beside it says would have been right.' },
    { id: 'solved', label: 'solved rollouts', help: 'All rollouts of the same task with a reward above 0.' },
    { id: 'best', label: 'best rollouts', help: 'Those of the same task with the highest reward, if that is above 0.' },
    { id: 'chosen', label: 'selected rollouts', help: 'Rollouts of the same task that a person selected.' },
  ],
  tools: [
    {
      id: 'task',
      label: 'tools of the task’s truths',
      help: 'Only calls of tools that some ground truth of the task names: looking things up is free.',
    },
    {
      id: 'log',
      label: 'tools of any truth',
      help: 'Calls of tools that some ground truth of any task names: doing where nothing should be done counts.',
    },
    { id: 'all', label: 'all tools', help: 'Every call.' },
  ],
  answer: [
    { id: 'alone', label: 'answer where no calls', help: 'The final answer is compared where a ground truth has no calls to compare.' },
    { id: 'always', label: 'answer too', help: 'The final answer counts as one call more, wherever the ground truth has one.' },
    { id: 'never', label: 'no answer', help: 'Only calls are compared.' },
  ],
  patch: [
    { id: 'too', label: 'patch too', help: 'The final patch counts as one call more, wherever the ground truth has one.' },
    { id: 'alone', label: 'patch alone', help: 'Where the ground truth has a patch, the final patch alone is compared.' },
    { id: 'never', label: 'no patch', help: 'Patches count for nothing.' },
  ],
  user: [
    { id: 'left-out', label: 'without the user’s calls', help: 'Calls that the simulated user is expected to make are left out.' },
    { id: 'counted', label: 'with the user’s calls', help: 'They count: for runs in which the policy has the user’s tools.' },
  ],
  itself: [
    { id: 'counts', label: 'each counts for itself', help: 'A rollout that is a ground truth has discrepancy 0 and is never stopped.' },
    {
      id: 'left-out',
      label: 'only others count',
      help: 'A rollout is compared with the other ground truths; with itself only where there are no others.',
    },
  ],
  formula: [
    { id: 'absolute', label: '1 − d', help: 'The discrepancy d taken from 1.' },
    { id: 'group', label: '1 − d, less the task’s mean', help: 'Less the mean over the rollouts of the task whose d is known.' },
    {
      id: 'standardised',
      label: '… by the task’s deviation',
      help: 'The same, divided by the population’s standard deviation; 0 where all are equal.',
    },
  ],
} as const;

type Choices = typeof TRUTH_CHOICES;
export type TruthChoice = keyof Choices;
export const TRUTH_CHOICE_NAMES: readonly TruthChoice[] = ['from', 'tools', 'answer', 'patch', 'user', 'itself', 'formula'];

export type TruthSettings = { readonly [Name in TruthChoice]: Choices[Name][number]['id'] } & {
  /** The rollouts that a person chose; only `from: chosen` asks for them. */
  readonly chosen: readonly RolloutKey[];
};

/** The first choice of each. */
export const DEFAULT_TRUTHS: TruthSettings = {
  from: 'auto',
  tools: 'task',
  answer: 'alone',
  patch: 'too',
  user: 'left-out',
  itself: 'counts',
  formula: 'absolute',
  chosen: [],
};
