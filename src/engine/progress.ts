/** Rate and remaining time of a long piece of work, from its recent past. */
export interface Meter {
  /** Bytes per second over the last few seconds, and the seconds left at that rate (null until it is known). */
  measure(done: number, total: number): { readonly bytesPerSecond: number; readonly secondsLeft: number | null };
}

const WINDOW_MS = 4000;

export function makeMeter(now: () => number = () => performance.now()): Meter {
  const marks: { at: number; done: number }[] = [{ at: now(), done: 0 }];
  return {
    measure(done, total) {
      const at = now();
      marks.push({ at, done });
      while (marks.length > 2 && at - (marks[1]?.at ?? at) > WINDOW_MS) marks.shift();
      const first = marks[0] ?? { at, done };
      const seconds = (at - first.at) / 1000;
      const bytesPerSecond = seconds > 0 ? (done - first.done) / seconds : 0;
      return { bytesPerSecond, secondsLeft: bytesPerSecond > 0 ? (total - done) / bytesPerSecond : null };
    },
  };
}
