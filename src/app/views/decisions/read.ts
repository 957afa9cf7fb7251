/** Opens rollouts that stand for ways: one as a transcript, at the step; two side by side. */
import type { Representative } from '../../../engine/answers/decisions.ts';
import { useChoices } from '../../state/choices.ts';
import { openTranscript } from '../../state/transcript.ts';

export function readRepresentative({ rollout, branch, node }: Representative): void {
  openTranscript(rollout, { branch, node });
}

export function compareRepresentatives(left: Representative, right: Representative): void {
  useChoices.getState().set({ rollout: left.rollout, other: right.rollout, shape: 'side', tab: 'tree' });
}
