/** What is left of a run against the memory for caches of a device that it was not planned for. */
import { deviceText } from './model-source.ts';
import type { LanguageModel } from './language-model.ts';
import type { ScorePlan } from './plan.ts';

/**
 * Most tokens that caches hold in one request of the steps from `first` on, with one row at a time (several are made in halves where
 * memory is short): the path's, and what the row makes of it. O(rows).
 */
export function cacheNeed({ steps, stepPast, stepRow, rowFrom, rowTo }: ScorePlan, first: number): number {
  let most = 0;
  for (let step = first; step < steps; step++)
    for (let row = stepRow[step]; row < stepRow[step + 1]; row++) most = Math.max(most, 2 * stepPast[step] + rowTo[row] - rowFrom[row]);
  return most;
}

/** Why a device that takes over cannot go on with the plan at `step`, in a sentence; null where it can. */
export function whyNoRoom(plan: ScorePlan, step: number, { label, cacheBytes, cacheBytesPerToken }: LanguageModel): string | null {
  const room = Math.floor(cacheBytes / Math.max(1, cacheBytesPerToken));
  const need = cacheNeed(plan, step);
  if (need <= room) return null;
  return (
    `${deviceText(label.device)}: its memory holds caches of ${room} tokens, and this run was planned for a device that holds ${need}; ` +
    'load the model on it for a plan of its own'
  );
}
