/** What was written and what was not, as lines of a summary. */
import type { ExportedFile, ExportSpec, SkippedProfile } from '../../engine/answers/exporting.ts';
import { packingText } from '../../engine/words/packing.ts';
import { shortfallText } from '../../engine/words/shortfall.ts';
import { PROFILES } from '../../engine/export/profiles/index.ts';
import { trainingOf, type ProfileTraining } from '../../engine/words/training.ts';
import { note, print } from '../streams.ts';
import { bytesText, counted } from './figures.ts';

/** Under each file what its target cannot express, with the times that it was met. */
export function fileLines(files: readonly ExportedFile[], skipped: readonly SkippedProfile[]): string[] {
  return [
    ...skipped.map(({ profile, reason }) => `${profile}  not written: ${reason}`),
    ...files.flatMap(({ name, records, bytes, shortfalls = [], packing }) => [
      `${name}  ${counted(records, 'record')}, ${bytesText(bytes)}`,
      ...(packing === undefined ? [] : [`  ${packingText(packing)}`]),
      ...shortfalls.map((each) => `  ${shortfallText(each)}`),
    ]),
  ];
}

/** What would be lost, where files are refused for it; none: nothing. */
export function refusalLines(files: readonly ExportedFile[]): string[] {
  const short = files.filter(({ shortfalls = [] }) => shortfalls.length > 0);
  if (short.length === 0) return [];
  return ['--strict: nothing is written, because targets cannot say all of it', ...fileLines(short, [])];
}

/** What trains on the files that were written: in a line of the summary, or the lines themselves, where MODEL is the model's name. */
export function tellTraining({ profiles }: ExportSpec, files: readonly ExportedFile[], isWhole: boolean): void {
  const names = files.map(({ name }) => name);
  const training = trainingOf(PROFILES, profiles, names);
  if (training.length === 0) return;
  if (isWhole) print(...trainingText(training).trimEnd().split('\n'));
  else {
    const trainers = training.map(
      ({ profile, lines }) => `${profile} with ${[...new Set(lines.map(({ trainer }) => trainer))].join(', ')}`,
    );
    note(`to train on ${trainers.join('; ')}: --lines prints the exact lines`);
  }
}

/** Each under a comment that says of what, and in which file, they stand. */
function trainingText(training: readonly ProfileTraining[]): string {
  return training
    .flatMap(({ profile, lines }) =>
      lines.map(({ trainer, fileName, text }) => `# ${profile}: ${trainer}, ${fileName ?? 'a command'}\n${text.trimEnd()}\n`),
    )
    .join('\n');
}
