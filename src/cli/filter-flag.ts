/** Filters on the command line: what is wrong with one is told before any file is read, and how far looking is while it goes on. */
import { parseFilter } from '../core/filter/parse.ts';
import type { SearchProgress } from '../engine/answers/searching.ts';
import { bytesText, countText } from './text/figures.ts';
import { progress } from './streams.ts';
import { UsageError } from './usage.ts';

/** Throws UsageError with the place where it is at fault. @param flag its name, for the sentence */
export function refuseFilter(flag: string, filter: string | undefined): void {
  if (filter === undefined) return;
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new UsageError(`${flag}: ${parsed.fault}, at character ${parsed.from + 1} of ${filter}`);
}

/** On stderr when it is a terminal. */
export function searchProgress(): (at: SearchProgress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (at) =>
    progress(
      `${countText(at.taken)} of at least ${countText(at.rollouts)} rollouts, scanning: ${bytesText(at.bytes)} of ` +
        `${bytesText(at.totalBytes)}, ${bytesText(at.bytesPerSecond)}/s`,
      at.bytes >= at.totalBytes,
    );
}
