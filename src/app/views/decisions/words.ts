/** Sentences about groups of rollouts. */
import type { GroupFigures } from '../../../engine/answers/decisions.ts';
import type { IntervalMethod } from '../../../core/decisions/mean-interval.ts';
import { decimal, exact } from '../../text/format.ts';

/** "0.75 (0.48 to 0.91)", "0.75 (one rollout)", "unknown". */
export function rewardWords({ known, mean, low, high }: Pick<GroupFigures, 'known' | 'mean' | 'low' | 'high'>): string {
  if (known === 0) return 'unknown';
  if (Number.isNaN(low)) return `${decimal(mean)} (one reward)`;
  return `${decimal(mean)} (${decimal(low)} to ${decimal(high)})`;
}

/** ", 3 rewards unknown", or nothing. */
export function unknownWords({ unknown }: Pick<GroupFigures, 'unknown'>): string {
  return unknown === 0 ? '' : `${exact(unknown)} unknown`;
}

/** What the numbers beside ways are. */
export const METHODS: Readonly<Record<IntervalMethod, string>> = {
  wilson: 'Mean rewards with 95 % intervals by Wilson’s score, as all rewards are 0 or 1',
  t: 'Mean rewards with 95 % intervals by Student’s t',
};
export const NO_REWARDS = 'No reward of this task is known';
