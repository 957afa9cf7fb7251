/** The files of one profile while they are written: of each split, each followed by a further one when it is full. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile, Split } from '../answers/exporting.ts';
import type { OpenProfile } from './choose.ts';
import { fileNameOf, fileOf, isText, packedName } from './file-names.ts';
import { prepareSha256 } from './hash.ts';
import { openOutput, type Output } from './output.ts';
import { packingOf } from './packing.ts';
import type { PlannedExport } from './planned.ts';
import type { UnitWriter } from './profile.ts';
import { recordSettings } from './record-settings.ts';
import { makeTally } from './tally.ts';
import type { TrainingUnit } from './units.ts';
import { OTHER_VOCABULARY, plannedFor, unitFor } from './vocabulary.ts';

const MEGABYTE = 1e6;

export interface ProfileFiles {
  /** @returns null where nothing has to be waited for. `hasRecord`: the unit gave bytes. */
  take(unit: TrainingUnit): { readonly hasRecord: boolean; readonly full: Promise<void> | null };
  /** Ends all files. The shortfalls of all stand with the first. */
  close(): Promise<ExportedFile[]>;
}

interface OpenFile {
  readonly name: string;
  readonly output: Output;
  readonly writer: UnitWriter;
  bytes: number;
  units: number;
}

/** @param isPart they are gone on with by others, who pack them */
export async function openProfileFiles(
  planned: PlannedExport,
  { profile, options }: OpenProfile,
  sink: ExportSink,
  isPart: boolean,
): Promise<ProfileFiles> {
  await prepareSha256();
  await profile.prepare?.(options);
  const { shard, validation, compress } = recordSettings(planned.spec);
  const tally = makeTally();
  const plannedOwn = plannedFor(profile, planned);
  const done: ExportedFile[] = [];
  const open = new Map<Split, OpenFile>();
  const opened = { train: 0, validation: 0 };
  const isDivided = profile.isWhole !== true;
  const form = fileOf(profile, options);
  /** Bytes at which a further file follows. */
  const most = isDivided ? Math.min(shard > 0 ? shard : Infinity, form.mostMegabytes ?? Infinity) * MEGABYTE : Infinity;
  const openFile = async (split: Split): Promise<OpenFile> => {
    const packs = compress === 'gzip' && isText(form);
    const name = packedName(fileNameOf(form, split, most < Infinity ? opened[split]++ : null), packs);
    const output = await openOutput(sink, name, packs && !isPart);
    const writer: UnitWriter = profile.writer(plannedOwn, options, tally);
    const file = { name, output, writer, bytes: writer.head?.length ?? 0, units: 0 };
    if (writer.head) await output.add(writer.head);
    open.set(split, file);
    return file;
  };
  const closeFile = async ({ output, writer, units }: OpenFile): Promise<void> => {
    if (writer.finish) await output.add(await writer.finish());
    const packing = writer.packing?.();
    done.push({ ...(await output.close()), records: writer.records?.() ?? units, ...(packing && { packing: packingOf([packing]) }) });
  };
  const add = (file: OpenFile, bytes: Uint8Array): Promise<void> | null => {
    file.units++;
    file.bytes += bytes.length;
    return file.output.add(bytes);
  };
  /** A writer's bytes are valid until it is asked again, which may be while a further file is being opened. */
  const addToNext = async (split: Split, file: OpenFile, unit: TrainingUnit): Promise<void> => {
    await closeFile(file);
    const next = await openFile(split);
    const bytes = next.writer.write(unit);
    if (bytes !== null) await add(next, bytes);
  };
  await openFile('train');
  if (isDivided && validation > 0) await openFile('validation');
  return {
    take(given) {
      if (given.kind !== profile.unit) return { hasRecord: false, full: null };
      const { unit, left } = unitFor(profile, planned, given);
      tally.add(OTHER_VOCABULARY, left);
      if (unit === null) return { hasRecord: false, full: null };
      if (profile.needs.includes('messages') && profile.writesIds !== true)
        tally.add('calls without a result, closed with one that says so', closedCalls(unit));
      const split = isDivided && unit.kind !== 'lines' ? (planned.splits[unit.task] ?? 'train') : 'train';
      const file = open.get(split);
      if (!file) throw new Error(`no file is open for ${split}`);
      if (file.bytes + (file.writer.held?.() ?? 0) >= most) return { hasRecord: true, full: addToNext(split, file, unit) };
      const bytes = file.writer.write(unit);
      return bytes === null ? { hasRecord: false, full: null } : { hasRecord: true, full: add(file, bytes) };
    },
    async close() {
      for (const file of open.values()) await closeFile(file);
      const folder = profile.fileName.slice(0, profile.fileName.lastIndexOf('/') + 1);
      const own = done.map(({ name }) => name.slice(folder.length)).sort();
      for (const { name, text } of profile.beside?.(own, options) ?? []) {
        const output = await openOutput(sink, folder + name);
        await output.add(new TextEncoder().encode(text));
        done.push({ ...(await output.close()), records: 0 });
      }
      const shortfalls = tally.shortfalls();
      return done.map((file, i) => (i === 0 && shortfalls.length > 0 ? { ...file, shortfalls } : file));
    },
  };
}

function closedCalls(unit: TrainingUnit): number {
  const records = unit.kind === 'branch' ? [unit] : unit.kind === 'task' ? unit.records : [];
  return records.reduce((sum, { said }) => sum + (said?.closed ?? 0), 0);
}
