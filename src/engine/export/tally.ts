/** Counts what the records of one profile cannot say in the words of its target. */
import type { Shortfall } from '../answers/exporting.ts';

export interface Tally {
  /** `what` in a few words without a full stop, such as `images left out`; it happened `times` times. */
  add(what: string, times?: number): void;
  /** In the order in which they were first met. */
  shortfalls(): Shortfall[];
}

export function makeTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add(what, times = 1) {
      if (times > 0) counts.set(what, (counts.get(what) ?? 0) + times);
    },
    shortfalls: () => [...counts].map(([what, count]) => ({ what, count })),
  };
}

/** What profiles of conversations count of records without definitions of the tools that they call. */
export const UNDESCRIBED_TOOLS = 'records that call tools which the log does not describe';
