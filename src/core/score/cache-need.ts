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

/** Most tokens that caches hold in any one request of a plan, rows side by side. O(rows). */
export function cacheMost({ steps, stepPast, stepRow, rowFrom, rowTo }: ScorePlan): number {
  let most = 0;
  for (let step = 0; step < steps; step++) {
    const [past, rows] = [stepPast[step], stepRow[step + 1] - stepRow[step]];
    let width = 0;
    for (let row = stepRow[step]; row < stepRow[step + 1]; row++) width = Math.max(width, rowTo[row] - rowFrom[row]);
    // One row reads the path's cache where it is; several have a copy each.
    most = Math.max(most, past + (rows === 1 ? past + width : rows * (2 * past + width)));
  }
  return most;
}

/** Tokens of prefixes that a model without caches reads again: each row from its beginning. O(steps). */
export function reread({ steps, stepRow, stepPast }: ScorePlan): number {
  let tokens = 0;
  for (let step = 0; step < steps; step++) tokens += (stepRow[step + 1] - stepRow[step]) * stepPast[step];
  return tokens;
}

/** Two contexts of 2,048 tokens: what a model is given however wide it is. */
export const LEAST_TOKENS = 4096;

/** Why a device that takes over cannot go on with the plan at `step`, in a sentence; null where it can. */
export function whyNoRoom(plan: ScorePlan, step: number, { label, cacheBytes, cacheBytesPerToken }: LanguageModel): string | null {
  // As a plan of its own would have it.
  const room = Math.max(LEAST_TOKENS, Math.floor(cacheBytes / Math.max(1, cacheBytesPerToken)));
  const need = cacheNeed(plan, step);
  if (need <= room) return null;
  return (
    `${deviceText(label.device)}: its memory holds caches of ${room} tokens, and this run was planned for a device that holds ${need}; ` +
    'load the model on it for a plan of its own'
  );
}
