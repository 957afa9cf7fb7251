/** What the table and the list of tasks say of a group of rollouts. */
import type { IntervalMethod } from '../../../core/decisions/mean-interval.ts';
import type { GroupReward } from '../../../core/rollouts/solved.ts';
import { decimal, exact, plural } from '../../text/format.ts';

const METHODS: Readonly<Record<IntervalMethod, string>> = {
  wilson: 'Wilson’s score interval, because all rewards of the log are 0 or 1',
  t: 'Student’s t interval',
};

/**
 * "9 of 16 solved", of rollouts whose reward is known; where a log has other rewards than 0 and 1, "9 of 16 above 0": a reward of 0.2
 * says of no task that it is solved.
 */
export function solvedWords({ solved, known, rollouts, method }: GroupReward): string {
  if (known === 0) return `${plural(rollouts, 'rollout')}, reward unknown`;
  return `${exact(solved)} of ${exact(known)} ${method === 'wilson' ? 'solved' : 'above 0'}`;
}

/** "0.56 (0.33 to 0.77)", or nothing where no reward is known. */
export function meanWords({ known, mean, low, high }: GroupReward): string {
  if (known === 0) return '';
  return Number.isNaN(low) ? decimal(mean) : `${decimal(mean)} (${decimal(low)} to ${decimal(high)})`;
}

/** The same in a sentence, with what counts as solved and how the interval was made. */
export function groupHelp(group: GroupReward): string {
  const { known, rollouts, method, low } = group;
  if (known === 0) return `None of ${plural(rollouts, 'rollout')} has a known reward.`;
  const unknown = rollouts - known === 0 ? '' : ` ${exact(rollouts - known)} more have no known reward.`;
  const interval = Number.isNaN(low) ? 'no interval: a single reward' : `95 % interval in brackets: ${METHODS[method]}`;
  const rule = method === 'wilson' ? 'Solved: a reward of 1. ' : 'Above 0: the reward. ';
  return `${rule}${solvedWords(group)}; mean reward ${meanWords(group)}, ${interval}.${unknown}`;
}
