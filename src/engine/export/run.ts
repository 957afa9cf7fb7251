/** Writes an export to a sink: the files of the chosen profiles side by side, then the manifest. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile } from '../answers/exporting.ts';
import { possibleProfiles, type OpenProfile } from './choose.ts';
import { makeManifest } from './manifest.ts';
import { openOutput, type Output } from './output.ts';
import type { PlannedExport } from './plan.ts';
import type { UnitWriter } from './profile.ts';
import { trainingUnits, type TrainingUnit, type UnitsWanted } from './units.ts';

export const MANIFEST_NAME = 'manifest.json';

interface OpenFile extends OpenProfile {
  readonly output: Output;
  readonly writer: UnitWriter;
}

/**
 * @returns the files written, manifest last. `onProgress` counts records. Throws AbortError when aborted, and, before
 * anything is written, where the log cannot give a profile.
 */
export async function runExport(
  planned: PlannedExport,
  sink: ExportSink,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<ExportedFile[]> {
  const { possible: chosen } = possibleProfiles(planned.spec, planned.ruling.dataset);
  const files: OpenFile[] = [];
  for (const { profile, options } of chosen) {
    const output = await openOutput(sink, profile.fileName);
    const writer = profile.writer(planned, options);
    if (writer.head) await output.add(writer.head);
    files.push({ profile, options, output, writer });
  }
  const total = files.reduce((sum, { profile, options }) => sum + profile.count(planned, options), 0);
  let done = 0;
  const take = ({ profile, output, writer }: OpenFile, unit: TrainingUnit): Promise<void> | null => {
    const bytes = profile.unit === unit.kind ? writer.write(unit) : null;
    if (bytes === null) return null;
    onProgress(++done, total);
    return output.add(bytes);
  };
  for await (const unit of trainingUnits(planned, wantedBy(chosen))) {
    signal?.throwIfAborted();
    for (const file of files) {
      const full = take(file, unit);
      if (full !== null) await full;
    }
  }
  const written: ExportedFile[] = [];
  for (const { profile, options, output, writer } of files) {
    if (writer.finish) await output.add(await writer.finish());
    written.push({ ...(await output.close()), records: profile.count(planned, options) });
  }
  const manifest = await openOutput(sink, MANIFEST_NAME);
  await manifest.add(new TextEncoder().encode(`${JSON.stringify(await makeManifest(planned, [...written], signal), null, 2)}\n`));
  written.push({ ...(await manifest.close()), records: 1 });
  return written;
}

/** The units that the chosen profiles write between them. */
export function wantedBy(chosen: readonly OpenProfile[]): UnitsWanted {
  return {
    kinds: new Set(chosen.map(({ profile }) => profile.unit)),
    messages: chosen.some(({ profile }) => profile.needs.includes('messages')),
  };
}
