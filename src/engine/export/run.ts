/** Writes an export to a sink: the files of the chosen profiles side by side, then the manifest. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile } from '../answers/exporting.ts';
import { possibleProfiles, type OpenProfile } from './choose.ts';
import { prepareSha256 } from './hash.ts';
import { makeManifest, manifestText } from './manifest.ts';
import { refuseChanged } from '../identity.ts';
import { openOutput } from './output.ts';
import type { PlannedExport } from './planned.ts';
import { openProfileFiles, type ProfileFiles } from './profile-files.ts';
import { plannedFor } from './vocabulary.ts';
import { trainingUnits, type TrainingUnit, type UnitsWanted } from './units.ts';

export const MANIFEST_NAME = 'manifest.json';

/**
 * @returns the files written, manifest last. `onProgress` counts records. Throws AbortError when aborted, ChangedInput where an input is
 * not what it was when it was opened, and, before anything is written, where the log cannot give a profile.
 * @param isPart of files that others go on with, and pack
 */
export async function runExport(
  planned: PlannedExport,
  sink: ExportSink,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
  isPart = false,
): Promise<ExportedFile[]> {
  const written = await writeRecords(planned, sink, isPart, onProgress, signal);
  const made = await makeManifest(planned, [...written], signal);
  // Names of tasks and excerpts in issues are texts of the log too.
  const content = planned.redactor?.deep(made) ?? made;
  // What was read back and hashed is of the files that were opened.
  await refuseChanged(planned.ruling.dataset.opening.inputs);
  const manifest = await openOutput(sink, MANIFEST_NAME);
  await prepareSha256();
  await manifest.add(new TextEncoder().encode(manifestText(content)));
  written.push({ ...(await manifest.close()), records: 1 });
  return written;
}

/** Someone who sees the units that are written, and may want further ones. */
export interface Onlooker {
  readonly wanted: UnitsWanted;
  /** @returns null where nothing has to be waited for */
  see(unit: TrainingUnit): Promise<void> | null;
}

/** The files of `runExport` without the manifest. */
async function writeRecords(
  planned: PlannedExport,
  sink: ExportSink,
  isPart: boolean,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
  onlooker?: Onlooker,
): Promise<ExportedFile[]> {
  const { possible: chosen } = possibleProfiles(planned.spec, planned.ruling.dataset);
  await refuseChanged(planned.ruling.dataset.opening.inputs);
  const files: ProfileFiles[] = [];
  for (const open of chosen) files.push(await openProfileFiles(planned, open, sink, isPart));
  const total = chosen.reduce((sum, { profile, options }) => sum + (profile.count(plannedFor(profile, planned), options) ?? 0), 0);
  let done = 0;
  const wanted = wantedBy(chosen);
  for await (const unit of trainingUnits(planned, onlooker ? bothWanted(wanted, onlooker.wanted) : wanted)) {
    signal?.throwIfAborted();
    const seen = onlooker?.see(unit) ?? null;
    if (seen !== null) await seen;
    for (const file of files) {
      const { hasRecord, full } = file.take(unit);
      if (hasRecord) onProgress(Math.min((done += unit.kind === 'lines' ? unit.records : 1), total), total);
      if (full !== null) await full;
    }
  }
  const written: ExportedFile[] = [];
  for (const file of files) for (const each of await file.close()) written.push(each);
  return written;
}

/** Takes all and keeps nothing. */
export const NOWHERE: ExportSink = { open: async () => ({ write: async () => undefined, close: async () => undefined }) };

/** What `runExport` would write, without the manifest: all is made, counted and hashed, and nothing is kept. */
export async function rehearse(
  planned: PlannedExport,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
  onlooker?: Onlooker,
): Promise<ExportedFile[]> {
  return writeRecords(planned, NOWHERE, false, onProgress, signal, onlooker);
}

/** The units that the chosen profiles write between them. */
export function wantedBy(chosen: readonly OpenProfile[]): UnitsWanted {
  const tasks = chosen.filter(({ profile }) => profile.unit === 'task');
  return {
    branches: chosen.some(({ profile }) => profile.unit === 'branch'),
    tasks: tasks.length === 0 ? 'none' : tasks.some(({ profile }) => profile.takesRecords === true) ? 'with-records' : 'alone',
    lines: chosen.some(({ profile }) => profile.unit === 'lines'),
    messages: chosen.some(({ profile }) => profile.needs.includes('messages')),
  };
}

function bothWanted(a: UnitsWanted, b: UnitsWanted): UnitsWanted {
  const tasks = (['with-records', 'alone'] as const).find((each) => a.tasks === each || b.tasks === each) ?? 'none';
  const lines = a.lines === true || b.lines === true;
  return { branches: a.branches || b.branches, tasks, lines, messages: a.messages || b.messages };
}
