/** Time along a timeline: with or without the time in which nothing ran, and where its marks stand. */
import type { Timeline } from '../../core/schedule/timeline.ts';

/** Places are seconds along the axis; times are seconds since the timeline's origin. */
export interface TimeAxis {
  /** Of the whole axis. */
  readonly length: number;
  /** What is left out: places, and how long each is, in seconds. */
  readonly cuts: readonly { readonly at: number; readonly seconds: number }[];
  placeOf(time: number): number;
  timeOf(place: number): number;
}

/** @param cutsGaps leaves out time in which no rollout is open */
export function timeAxis({ steps: { at, open }, figures: { span } }: Pick<Timeline, 'steps' | 'figures'>, cutsGaps: boolean): TimeAxis {
  const starts: number[] = [];
  const before: number[] = [];
  let left = 0;
  const cuts: { readonly at: number; readonly seconds: number }[] = [];
  for (let i = 0; i + 1 < at.length; i++) {
    if (!cutsGaps || open[i] !== 0) continue;
    const seconds = at[i + 1]! - at[i]!;
    starts.push(at[i]!);
    before.push(left);
    cuts.push({ at: at[i]! - left, seconds });
    left += seconds;
  }
  /** The last gap that begins before a time, -1: none. */
  const gapBefore = (time: number, of: (gap: number) => number): number => {
    let low = -1;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (of(middle) < time) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    length: Math.max(span - left, 1e-9),
    cuts,
    placeOf(time) {
      const gap = gapBefore(time, (one) => starts[one]!);
      if (gap === -1) return time;
      return time - before[gap]! - Math.min(time - starts[gap]!, cuts[gap]!.seconds);
    },
    timeOf(place) {
      const gap = gapBefore(place, (one) => cuts[one]!.at);
      return gap === -1 ? place : place + before[gap]! + cuts[gap]!.seconds;
    },
  };
}

const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600,
  43_200, 86_400, 172_800, 604_800,
];

/** The step of marks that stand at least so many seconds apart. */
export function markStep(least: number): number {
  return STEPS.find((step) => step >= least) ?? 604_800 * Math.ceil(least / 604_800);
}

/** Time since the start as a mark says it: 0 s, 2.5 s, 3 min 20 s, 2 h 05 min, 3 d 4 h; 3 d 04:05:06 where marks stand closer. */
export function markText(seconds: number, step: number): string {
  const whole = Math.round(seconds * 1000) / 1000;
  if (whole < 60) return `${whole} s`;
  const rounded = Math.round(whole);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${two(rounded % 60)} s`;
  const [hours, minutes] = [Math.floor((rounded % 86_400) / 3600), Math.floor((rounded % 3600) / 60)];
  const days = rounded < 86_400 ? '' : `${Math.floor(rounded / 86_400)} d `;
  if (step < 60) return `${days}${two(hours)}:${two(minutes)}:${two(rounded % 60)}`;
  if (days !== '' && step < 3600) return `${days}${two(hours)}:${two(minutes)}`;
  if (rounded < 86_400) return `${hours} h ${two(minutes)} min`;
  return `${days}${hours} h`;
}
