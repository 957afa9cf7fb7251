/** Sentences about ground truths, for the page and the terminal. */
import { TRUTH_CHOICES } from '../../core/truths/settings.ts';
import type { RelativeFacts, TruthGap } from '../answers/truths.ts';

/** What the rule's rewards are. */
export function relativeText({ from, known, of }: RelativeFacts): string {
  const count = (value: number): string => value.toLocaleString('en');
  const left = known < of ? `; the other ${count(of - known)} have none` : '';
  return `reward: relative to ${fromLabel(from)}, of ${count(known)} of ${count(of)} rollouts${left}`;
}

export function fromLabel(from: RelativeFacts['from']): string {
  return TRUTH_CHOICES.from.find(({ id }) => id === from)?.label ?? from;
}

/** Why a discrepancy is unknown. */
export const GAP_WORDS: Readonly<Record<TruthGap, string>> = {
  'no-truth': 'no ground truth of the task',
  unread: 'no messages, or not read again',
  'nothing-compared': 'nothing to compare',
};
