/** Opens the transcript of a rollout that stands for a way, at the step. */
import type { Representative } from '../../../engine/answers/decisions.ts';
import { openTranscript } from '../../state/transcript.ts';

export function readRepresentative({ rollout, branch, node }: Representative): void {
  openTranscript(rollout, { branch, node });
}
