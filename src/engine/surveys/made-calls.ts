/**
 * The calls of each rollout in a form that can be compared, each once however many branches show it, with its last words, what it handed
 * in, and what its own record says would have been right.
 */
import { argumentsOf, type MadeCall } from '../../core/truths/calls.ts';
import { LONGEST_ANSWER } from '../../core/truths/answers.ts';
import { patchLines, type PatchLines } from '../../core/truths/patches.ts';
import type { Rollout } from '../../core/model/rollout.ts';
import type { RolloutReference } from '../../core/model/side-facts.ts';
import { distinctEvents } from '../../core/rollouts/facts.ts';
import type { Survey } from './survey.ts';

/** A call, and where its branch holds it. */
export interface PlacedCall extends MadeCall {
  readonly branch: number;
  readonly event: number;
}

export interface MadeCalls {
  readonly calls: readonly PlacedCall[];
  /** The text of the last message that the policy wrote, as far as it is compared; null: it wrote none. */
  readonly answer: string | null;
  /** It is longer than what is compared. */
  readonly isAnswerCut: boolean;
  /** The changed lines of what it handed in; null: it handed in nothing that the log tells of. */
  readonly patch: PatchLines | null;
  readonly reference: RolloutReference | null;
}

export const madeCalls: Survey<null, MadeCalls> = {
  id: 'made-calls',
  ask: () => (rollout) => {
    const calls: PlacedCall[] = [];
    for (const { event, isSampled, branch, at } of distinctEvents(rollout.branches)) {
      if (!isSampled) continue;
      for (const { kind, tool, text } of event.parts)
        if (tool !== undefined && (kind === 'call' || kind === 'memory')) calls.push({ tool, args: argumentsOf(text), branch, event: at });
    }
    const answer = answerOf(rollout);
    return {
      calls,
      answer: answer === null ? null : answer.slice(0, LONGEST_ANSWER),
      isAnswerCut: answer !== null && answer.length > LONGEST_ANSWER,
      patch: rollout.submission === undefined ? null : patchLines(rollout.submission),
      reference: rollout.reference ?? null,
    };
  },
};

/** Of the last branch that has one. */
function answerOf({ branches }: Rollout): string | null {
  for (const { events } of branches.toReversed()) {
    const last = events.findLast(({ sampled, parts }) => sampled && parts.some(({ kind }) => kind === 'text'));
    if (last !== undefined) return last.parts.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])).join('');
  }
  return null;
}
