/** The first records of each file of an export, cut with their full length said, and what a trainer would trip over. */
import type { ExportPreview, ProfileFile } from '../answers/exporting.ts';
import { fileOf, isText } from './file-names.ts';
import { possibleProfiles, type OpenProfile } from './choose.ts';
import { endWarnings } from './end-warnings.ts';
import type { PlannedExport } from './planned.ts';
import type { UnitWriter } from './profile.ts';
import { prepareSha256 } from './hash.ts';
import { wantedBy } from './run.ts';
import { makeTally } from './tally.ts';
import { plannedFor, unitFor, vocabularyWarnings } from './vocabulary.ts';
import { trainingUnits } from './units.ts';

const PREVIEW_LINES = 3;
const PREVIEW_LENGTH = 4000;

interface PreviewedFile extends OpenProfile {
  readonly file: ProfileFile;
  readonly writer: UnitWriter | null;
  readonly lines: { text: string; length: number }[];
}

export async function previewExport(planned: PlannedExport): Promise<ExportPreview[]> {
  await prepareSha256();
  const { possible: chosen } = possibleProfiles(planned.spec, planned.ruling.dataset);
  const files = chosen.map(({ profile, options }): PreviewedFile => {
    const file = fileOf(profile, options);
    return {
      profile,
      options,
      file,
      writer: isText(file) ? profile.writer(plannedFor(profile, planned), options, makeTally()) : null,
      lines: [],
    };
  });
  for await (const unit of trainingUnits(planned, { ...wantedBy(chosen), limit: PREVIEW_LINES })) {
    for (const { profile, writer, lines } of files) {
      const own = profile.unit === unit.kind ? unitFor(profile, planned, unit).unit : null;
      const bytes = own === null ? null : (writer?.write(own) ?? null);
      if (bytes === null) continue;
      const text = new TextDecoder().decode(bytes).replace(/\n$/, '');
      for (const line of unit.kind === 'lines' ? text.split('\n') : [text]) lines.push(lineOf(line));
    }
  }
  // A writer that puts records together may still hold all of them.
  for (const { file, writer, lines } of files) {
    if (lines.length > 0 || file.kind !== 'jsonl' || !writer?.finish) continue;
    const held = new TextDecoder().decode(await writer.finish()).split('\n', PREVIEW_LINES);
    for (const text of held) if (text !== '') lines.push(lineOf(text));
  }
  return files.map(({ profile, options, file, lines }) => ({
    profile: profile.id,
    fileName: file.fileName,
    lines,
    records: profile.count(plannedFor(profile, planned), options),
    warnings: [
      ...vocabularyWarnings(profile, planned),
      ...endWarnings(profile, planned),
      ...profile.warnings(plannedFor(profile, planned), options),
    ],
  }));
}

function lineOf(text: string): { text: string; length: number } {
  return { text: text.slice(0, PREVIEW_LENGTH), length: text.length };
}
