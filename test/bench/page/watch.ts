/** What an act costs the main thread of a page: its tasks, from a trace of Chromium, and the frames of the page meanwhile. */
import type { Page } from 'playwright-core';

/** Tasks of the main thread. `tdur` is there where the platform tells processor time by thread. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

export interface Cost {
  /** The longest task of the main thread, ms: by the clock, and its processor time. They may be of two tasks. */
  readonly clock: number;
  readonly cpu: number;
  /** All tasks together, ms of processor time. */
  readonly total: number;
  /** Tasks over `LONG` by each of both. */
  readonly longByClock: number;
  readonly longByCpu: number;
  /** Frames that the page was asked to draw, per second of the act, and the longest time between two of them, ms. */
  readonly frames: number;
  readonly longestGap: number;
  readonly seconds: number;
  /** Where the longest task by processor time began, microseconds of the trace, and its length by the clock. */
  readonly worst: { readonly ts: number; readonly dur: number };
  /** Steps of it as the trace names them, ms by the clock, longest first; one holds what it calls. */
  readonly steps: readonly (readonly [name: string, ms: number])[];
}

/** Ms: a longer task is felt. */
export const LONG = 50;

const MARK = 'espalier-bench';
const CATEGORIES = ['-*', 'toplevel', 'blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Counts frames, from before the first script of the page on. To be called in the page. */
export function countFrames(): void {
  const frames: number[] = [];
  Object.assign(globalThis, { benchFrames: frames });
  const tick = (now: number): void => {
    frames.push(now);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/**
 * @param act over when what it asked for is on the screen
 * @param restMs watched beyond that, for what comes late; frames are counted until the act is over
 */
export async function watch(page: Page, act: () => Promise<void>, restMs: number): Promise<Cost> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser of its own');
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.evaluate((mark) => {
    performance.mark(mark);
    (globalThis as unknown as { benchFrames: number[] }).benchFrames.length = 0;
  }, MARK);
  const begun = performance.now();
  let seconds = 0;
  let times: number[] = [];
  let trace: Buffer;
  try {
    await act();
    seconds = (performance.now() - begun) / 1000;
    times = await page.evaluate(() => [...(globalThis as unknown as { benchFrames: number[] }).benchFrames]);
    await page.waitForTimeout(restMs);
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { readonly traceEvents: readonly TraceEvent[] };
  return { ...tasksOf(traceEvents), ...framesOf(times, seconds), seconds };
}

export function tasksOf(events: readonly TraceEvent[]): Omit<Cost, 'frames' | 'longestGap' | 'seconds'> {
  const mark = events.find(({ name }) => name === MARK);
  if (mark === undefined) throw new Error('the trace lacks the mark of the page');
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts }) => name === 'RunTask' && ph === 'X' && pid === mark.pid && tid === mark.tid && ts >= mark.ts,
  );
  if (tasks.length === 0) throw new Error('the trace has no tasks of the page');
  const cost = { clock: 0, cpu: 0, total: 0, longByClock: 0, longByCpu: 0, worst: { ts: 0, dur: 0 } };
  for (const { ts, dur = 0, tdur = NaN } of tasks) {
    cost.total += tdur / 1000;
    cost.clock = Math.max(cost.clock, dur / 1000);
    if (dur / 1000 > LONG) cost.longByClock++;
    if (tdur / 1000 > LONG) cost.longByCpu++;
    if (tdur / 1000 <= cost.cpu) continue;
    cost.cpu = tdur / 1000;
    cost.worst = { ts, dur };
  }
  return { ...cost, steps: stepsOf(events, mark, cost.worst) };
}

function stepsOf(events: readonly TraceEvent[], { pid, tid }: TraceEvent, { ts: from, dur: length }: Cost['worst']): Cost['steps'] {
  const sums = new Map<string, number>();
  for (const event of events) {
    if (event.ph !== 'X' || event.pid !== pid || event.tid !== tid || event.ts < from || event.ts > from + length) continue;
    sums.set(event.name, (sums.get(event.name) ?? 0) + (event.dur ?? 0) / 1000);
  }
  return [...sums].toSorted(([, a], [, b]) => b - a);
}

function framesOf(times: readonly number[], seconds: number): Pick<Cost, 'frames' | 'longestGap'> {
  let longestGap = 0;
  for (let i = 1; i < times.length; i++) longestGap = Math.max(longestGap, times[i] - times[i - 1]);
  return { frames: times.length / seconds, longestGap };
}
