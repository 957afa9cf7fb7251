/** Opens the transcript of a rollout that stands for a way. */
import type { Representative } from '../../../engine/answers/decisions.ts';
import { useChoices } from '../../state/choices.ts';

export function readRepresentative({ rollout }: Representative): void {
  useChoices.getState().set({ rollout });
}
