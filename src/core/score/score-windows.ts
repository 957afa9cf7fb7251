/** In which windows texts were seen: part of what scores of long texts are, beside the model. */
import type { ScoreLimits } from './plan.ts';

export interface ScoreWindows {
  /** Tokens that were seen at once: the model's own, or as many as its caches had room for. */
  readonly context: number;
  /** Tokens that a later window repeats. */
  readonly overlap: number;
  /** Token put before every text, or null. */
  readonly start: number | null;
}

/** The numbers alone, from whatever holds them. */
export function windowsOf({ context, overlap, start }: ScoreWindows | ScoreLimits): ScoreWindows {
  return { context, overlap, start };
}

/** Untrusted; null where it is none. */
export function readWindows(value: unknown): ScoreWindows | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [context, overlap, start] = [fields.get('context'), fields.get('overlap'), fields.get('start') ?? null];
  return isNatural(context) && isNatural(overlap) && overlap < context && (start === null || isNatural(start))
    ? { context, overlap, start }
    : null;
}

function isNatural(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Of scores that several runs gave: the least context that any of them saw; null where one does not say. */
export function leastWindows(before: ScoreWindows | null, run: ScoreWindows): ScoreWindows | null {
  return before === null || before.context <= run.context ? before : run;
}
