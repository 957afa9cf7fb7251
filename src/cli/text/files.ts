/** What was written and what was not, as lines of a summary. */
import type { ExportedFile, SkippedProfile } from '../../engine/answers/exporting.ts';
import { packingText } from '../../engine/words/packing.ts';
import { bytesText, counted, countText } from './figures.ts';

/** Under each file what its target cannot express, with the times that it was met. */
export function fileLines(files: readonly ExportedFile[], skipped: readonly SkippedProfile[]): string[] {
  return [
    ...skipped.map(({ profile, reason }) => `${profile}  not written: ${reason}`),
    ...files.flatMap(({ name, records, bytes, shortfalls = [], packing }) => [
      `${name}  ${counted(records, 'record')}, ${bytesText(bytes)}`,
      ...(packing === undefined ? [] : [`  ${packingText(packing)}`]),
      ...shortfalls.map(({ what, count }) => `  ${countText(count)} ${what}`),
    ]),
  ];
}

/** What would be lost, where files are refused for it; none: nothing. */
export function refusalLines(files: readonly ExportedFile[]): string[] {
  const short = files.filter(({ shortfalls = [] }) => shortfalls.length > 0);
  if (short.length === 0) return [];
  return ['--strict: nothing is written, because targets cannot say all of it', ...fileLines(short, [])];
}
